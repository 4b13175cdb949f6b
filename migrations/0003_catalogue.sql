-- The row of the catalogue file that an item came from, as it came. The next import compares with it,
-- so that what the bureau edited since is told from what the file changed.
CREATE TABLE item_import (item_id BIGINT NOT NULL REFERENCES item, at BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (item_id)) {{WR}};
