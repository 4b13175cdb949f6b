-- A mandate is asked for by its agent and holds only once a window has seen the evidence.
ALTER TABLE mandate ADD COLUMN confirmed_by BIGINT;
ALTER TABLE mandate ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]';
CREATE INDEX mandate_open ON mandate (party_id) WHERE confirmed_by IS NULL;
-- One account for each citizen; a stranger's registration is found by it.
CREATE UNIQUE INDEX person_party ON person (party_id) WHERE party_id IS NOT NULL;
CREATE INDEX person_staff ON person (office_id, id) WHERE kind = 'staff';
CREATE INDEX session_person ON session (person_id) WHERE ended_at IS NULL;
CREATE INDEX one_time_code_person ON one_time_code (person_id);
