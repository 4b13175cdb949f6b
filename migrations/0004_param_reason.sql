-- Why a parameter was changed, and by whom: a default of this level is no law, so whoever sets another
-- says why. Rows from before have neither.
ALTER TABLE param_value ADD COLUMN reason TEXT;
ALTER TABLE param_value ADD COLUMN person_id BIGINT;
