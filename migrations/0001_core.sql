-- Core tables of the act engine (reference/procedures.md 5). Ids are made by us:
-- office * 2^40 + running number, so they stay below 2^53.
CREATE TABLE office (id {{ID}}, code TEXT NOT NULL, name TEXT NOT NULL, profile TEXT NOT NULL DEFAULT '{}', UNIQUE (code));
CREATE TABLE office_lease (office_id BIGINT NOT NULL REFERENCES office, owner TEXT, epoch BIGINT NOT NULL, backend_pid BIGINT, until_at BIGINT NOT NULL, PRIMARY KEY (office_id)) {{WR}};
-- Running numbers per office and table; kept in memory by the writer and stored with each group.
CREATE TABLE id_block (office_id BIGINT NOT NULL, name TEXT NOT NULL, next BIGINT NOT NULL, PRIMARY KEY (office_id, name)) {{WR}};
CREATE TABLE data_key (id {{ID}}, office_id BIGINT NOT NULL, wrapped {{BYTES}}, destroyed_by BIGINT);
CREATE TABLE unit (id {{ID}}, office_id BIGINT NOT NULL REFERENCES office, parent_id BIGINT REFERENCES unit, code TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL DEFAULT '', path TEXT NOT NULL, status SMALLINT NOT NULL DEFAULT 1, UNIQUE (office_id, code));
CREATE TABLE person (id {{ID}}, office_id BIGINT NOT NULL REFERENCES office, unit_id BIGINT REFERENCES unit, login TEXT NOT NULL, name TEXT NOT NULL, status SMALLINT NOT NULL, kind TEXT NOT NULL, key_id BIGINT REFERENCES data_key, sealed {{BYTES}}, password TEXT, password_change SMALLINT NOT NULL DEFAULT 0, verified SMALLINT NOT NULL DEFAULT 0, party_id BIGINT, failed BIGINT NOT NULL DEFAULT 0, locked_until BIGINT NOT NULL DEFAULT 0, UNIQUE (login), CHECK (kind IN ('staff', 'applicant')));
CREATE TABLE role_grant (id {{ID}}, person_id BIGINT NOT NULL REFERENCES person, office_id BIGINT NOT NULL, unit_id BIGINT, role TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT, stands_in_for BIGINT, act_id BIGINT NOT NULL);
CREATE INDEX role_grant_person ON role_grant (person_id, role);
CREATE TABLE party (id {{ID}}, office_id BIGINT NOT NULL, kind SMALLINT NOT NULL, id_index {{BYTES}} NOT NULL, key_id BIGINT NOT NULL REFERENCES data_key, flags BIGINT NOT NULL, uscc TEXT, name_public TEXT, UNIQUE (office_id, id_index));
CREATE TABLE party_data (party_id BIGINT NOT NULL REFERENCES party, version BIGINT NOT NULL, sealed {{BYTES}}, name_masked TEXT NOT NULL, valid_from BIGINT NOT NULL, erased_by BIGINT, PRIMARY KEY (party_id, version)) {{WR}};
CREATE TABLE mandate (id {{ID}}, party_id BIGINT NOT NULL REFERENCES party, agent_id BIGINT NOT NULL REFERENCES person, scope TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT, act_id BIGINT NOT NULL);
CREATE INDEX mandate_agent ON mandate (agent_id, party_id);
CREATE TABLE definition (id {{ID}}, kind TEXT NOT NULL, version BIGINT NOT NULL, zone TEXT NOT NULL, sha256 {{BYTES}} NOT NULL, body TEXT NOT NULL, status SMALLINT NOT NULL, loaded_at BIGINT NOT NULL, UNIQUE (kind, version));
CREATE TABLE calendar (id {{ID}}, sha256 {{BYTES}} NOT NULL, body TEXT NOT NULL, source TEXT NOT NULL, known_until TEXT NOT NULL, loaded_at BIGINT NOT NULL);
CREATE TABLE day (calendar_id BIGINT NOT NULL REFERENCES calendar, on_day TEXT NOT NULL, working SMALLINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (calendar_id, on_day)) {{WR}};
CREATE TABLE item (id {{ID}}, office_id BIGINT NOT NULL REFERENCES office, code TEXT NOT NULL, unit_id BIGINT NOT NULL REFERENCES unit, UNIQUE (office_id, code));
CREATE TABLE item_version (id {{ID}}, item_id BIGINT NOT NULL REFERENCES item, version BIGINT NOT NULL, status SMALLINT NOT NULL, valid_from BIGINT NOT NULL, body TEXT NOT NULL, UNIQUE (item_id, version));
CREATE TABLE param_value (id {{ID}}, office_id BIGINT NOT NULL, kind TEXT NOT NULL, item_id BIGINT, unit_id BIGINT, name TEXT NOT NULL, value TEXT NOT NULL, from_at BIGINT NOT NULL, to_at BIGINT, act_id BIGINT NOT NULL);
CREATE INDEX param_value_name ON param_value (office_id, kind, name, from_at);
CREATE TABLE matter (id {{ID}}, office_id BIGINT NOT NULL REFERENCES office, kind TEXT NOT NULL, definition_id BIGINT NOT NULL REFERENCES definition, item_version_id BIGINT, number TEXT, parent_id BIGINT REFERENCES matter, unit_id BIGINT NOT NULL, origin_id BIGINT NOT NULL, party_id BIGINT REFERENCES party, key_id BIGINT NOT NULL REFERENCES data_key, assignee_id BIGINT, state TEXT NOT NULL, class SMALLINT NOT NULL, acts BIGINT NOT NULL, facts TEXT NOT NULL, title TEXT NOT NULL, channel TEXT NOT NULL, priority SMALLINT NOT NULL, opened_on TEXT NOT NULL, opened_at BIGINT NOT NULL, closed_at BIGINT, final_light SMALLINT, prev_leaf {{BYTES}}, CHECK (class IN (1, 2, 3)));
CREATE UNIQUE INDEX matter_number ON matter (office_id, number) WHERE number IS NOT NULL;
CREATE INDEX matter_party ON matter (party_id, opened_at) WHERE party_id IS NOT NULL;
CREATE INDEX matter_parent ON matter (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX matter_unit ON matter (office_id, kind, unit_id, opened_at);
CREATE TABLE act (id {{ID}}, office_id BIGINT NOT NULL, matter_id BIGINT NOT NULL REFERENCES matter, seq BIGINT NOT NULL, name TEXT NOT NULL, from_state TEXT, to_state TEXT NOT NULL, actor_id BIGINT, actor_role TEXT NOT NULL, actor_unit BIGINT, mandate_id BIGINT, with_ids TEXT, channel TEXT NOT NULL, occurred_at BIGINT NOT NULL, effective_on TEXT NOT NULL, recorded_at BIGINT NOT NULL, definition_id BIGINT NOT NULL, cause_id BIGINT, corrects_id BIGINT, shown SMALLINT NOT NULL, due_on TEXT, body_commit {{BYTES}} NOT NULL, salt {{BYTES}} NOT NULL, log BIGINT NOT NULL, leaf_index BIGINT NOT NULL, UNIQUE (matter_id, seq), CHECK (occurred_at <= recorded_at));
CREATE TABLE act_body (act_id {{ID}}, salt {{BYTES}}, body {{BYTES}}, erased_by BIGINT);
CREATE TABLE clock (id {{ID}}, office_id BIGINT NOT NULL, matter_id BIGINT NOT NULL REFERENCES matter, name TEXT NOT NULL, round BIGINT NOT NULL, status SMALLINT NOT NULL, unit TEXT NOT NULL, amount BIGINT NOT NULL, until_on TEXT, start_on TEXT NOT NULL, start_at BIGINT NOT NULL, due_on TEXT, provisional SMALLINT NOT NULL, yellow_at BIGINT NOT NULL, red_at BIGINT NOT NULL, next_at BIGINT, next_mark TEXT, basis TEXT NOT NULL, evidence SMALLINT NOT NULL, calendar_id BIGINT NOT NULL, start_act BIGINT NOT NULL, stop_act BIGINT, stopped_at BIGINT, left_amount BIGINT, UNIQUE (matter_id, name, round), CHECK (status BETWEEN 1 AND 5));
CREATE INDEX clock_next ON clock (office_id, next_at) WHERE next_at IS NOT NULL;
CREATE TABLE clock_event (clock_id BIGINT NOT NULL REFERENCES clock, seq BIGINT NOT NULL, type SMALLINT NOT NULL, cause TEXT, key_id BIGINT, on_day TEXT NOT NULL, at BIGINT NOT NULL, amount BIGINT, expected_on TEXT, act_id BIGINT, calendar_id BIGINT NOT NULL, old_due TEXT, new_due TEXT, PRIMARY KEY (clock_id, seq)) {{WR}};
CREATE TABLE work (matter_id BIGINT NOT NULL REFERENCES matter, slot TEXT NOT NULL, office_id BIGINT NOT NULL, unit_id BIGINT NOT NULL, role TEXT NOT NULL, person_id BIGINT, kind TEXT NOT NULL, state TEXT NOT NULL, item_id BIGINT, number TEXT, title TEXT NOT NULL, priority SMALLINT NOT NULL, since BIGINT NOT NULL, yellow_at BIGINT NOT NULL, red_at BIGINT NOT NULL, due_on TEXT, paused SMALLINT NOT NULL, PRIMARY KEY (matter_id, slot)) {{WR}};
CREATE INDEX work_unit ON work (office_id, unit_id, role, red_at, matter_id, yellow_at);
CREATE INDEX work_person ON work (person_id, red_at, matter_id) WHERE person_id IS NOT NULL;
CREATE INDEX work_office ON work (office_id, red_at, matter_id);
CREATE TABLE fact (matter_id BIGINT NOT NULL REFERENCES matter, name TEXT NOT NULL, kind TEXT NOT NULL, num BIGINT, txt TEXT, PRIMARY KEY (matter_id, name)) {{WR}};
CREATE INDEX fact_txt ON fact (kind, name, txt, matter_id) WHERE txt IS NOT NULL;
CREATE INDEX fact_num ON fact (kind, name, num, matter_id) WHERE num IS NOT NULL;
CREATE TABLE link (from_id BIGINT NOT NULL REFERENCES matter, type TEXT NOT NULL, to_id BIGINT NOT NULL, act_id BIGINT NOT NULL, ended_by BIGINT, PRIMARY KEY (from_id, type, to_id)) {{WR}};
CREATE INDEX link_to ON link (to_id, type);
CREATE TABLE blob (sha256 {{BYTES}} NOT NULL, matter_id BIGINT NOT NULL, key_id BIGINT NOT NULL, size BIGINT NOT NULL, media TEXT NOT NULL, name_sealed {{BYTES}}, stored_at BIGINT NOT NULL, erased_by BIGINT, PRIMARY KEY (sha256)) {{WR}};
CREATE TABLE document (id {{ID}}, matter_id BIGINT NOT NULL REFERENCES matter, act_id BIGINT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, sha256 {{BYTES}}, number TEXT, letter TEXT, data_sealed {{BYTES}}, template_sha256 {{BYTES}}, copies SMALLINT, status SMALLINT NOT NULL, shown SMALLINT NOT NULL);
CREATE INDEX document_matter ON document (matter_id, id);
CREATE INDEX document_waiting ON document (id) WHERE status = 0;
CREATE TABLE series (office_id BIGINT NOT NULL, key TEXT NOT NULL, next BIGINT NOT NULL, PRIMARY KEY (office_id, key)) {{WR}};
CREATE TABLE draft (id {{ID}}, office_id BIGINT NOT NULL, owner_id BIGINT NOT NULL, code TEXT NOT NULL, kind TEXT NOT NULL, item_id BIGINT, party_id BIGINT, key_id BIGINT NOT NULL, sealed {{BYTES}} NOT NULL, version BIGINT NOT NULL, saved_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, UNIQUE (office_id, code));
CREATE INDEX draft_owner ON draft (owner_id, saved_at);
CREATE TABLE upload (id {{ID}}, office_id BIGINT NOT NULL, owner_id BIGINT NOT NULL, token TEXT NOT NULL, key_id BIGINT NOT NULL REFERENCES data_key, name_sealed {{BYTES}} NOT NULL, media TEXT NOT NULL, size BIGINT NOT NULL, received BIGINT NOT NULL, sha256 {{BYTES}}, matter_id BIGINT, expires_at BIGINT NOT NULL, UNIQUE (token));
CREATE TABLE ledger_leaf (office_id BIGINT NOT NULL, log BIGINT NOT NULL, leaf_index BIGINT NOT NULL, type SMALLINT NOT NULL, leaf {{BYTES}} NOT NULL, act_id BIGINT, PRIMARY KEY (office_id, log, leaf_index)) {{WR}};
CREATE TABLE ledger_tile (office_id BIGINT NOT NULL, log BIGINT NOT NULL, level SMALLINT NOT NULL, n BIGINT NOT NULL, hashes {{BYTES}} NOT NULL, PRIMARY KEY (office_id, log, level, n)) {{WR}};
CREATE TABLE ledger_frontier (office_id BIGINT NOT NULL, log BIGINT NOT NULL, size BIGINT NOT NULL, frontier {{BYTES}} NOT NULL, PRIMARY KEY (office_id, log)) {{WR}};
CREATE TABLE checkpoint (office_id BIGINT NOT NULL, log BIGINT NOT NULL, size BIGINT NOT NULL, root {{BYTES}} NOT NULL, note TEXT NOT NULL, signed_at BIGINT NOT NULL, PRIMARY KEY (office_id, log, size)) {{WR}};
-- Ids only, never personal text. office_id first: ids are (office, sequence).
CREATE TABLE outbox (id {{ID}}, office_id BIGINT NOT NULL, topic TEXT NOT NULL, matter_id BIGINT, act_id BIGINT, audience TEXT NOT NULL, body TEXT NOT NULL, at BIGINT NOT NULL);
-- Command ids in commit order (a random primary key costs a page per write, performance.md 4.3).
CREATE TABLE idempotency (office_id BIGINT NOT NULL, seq BIGINT NOT NULL, actor BIGINT NOT NULL, key TEXT NOT NULL, request_sha256 {{BYTES}} NOT NULL, status SMALLINT NOT NULL, reply {{BYTES}} NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (office_id, seq)) {{WR}};
CREATE TABLE erasure (id {{ID}}, act_id BIGINT NOT NULL, scope TEXT NOT NULL, basis TEXT NOT NULL, at BIGINT NOT NULL);
-- Identity: sessions are real time, not office time. Tokens are stored as hashes.
CREATE TABLE session (id {{ID}}, token_hash {{BYTES}} NOT NULL, person_id BIGINT NOT NULL REFERENCES person, csrf TEXT NOT NULL, acting_party_id BIGINT, created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, ended_at BIGINT, UNIQUE (token_hash));
CREATE TABLE sign_in (id {{ID}}, office_id BIGINT NOT NULL, person_id BIGINT, login_hash {{BYTES}} NOT NULL, outcome TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE one_time_code (code_hash {{BYTES}} NOT NULL, person_id BIGINT NOT NULL REFERENCES person, expires_at BIGINT NOT NULL, used_at BIGINT, PRIMARY KEY (code_hash)) {{WR}};
-- Every operation that is not an act (staff, units, items, sign-in, reads of sensitive fields).
CREATE TABLE audit (id {{ID}}, office_id BIGINT NOT NULL, op TEXT NOT NULL, actor_id BIGINT, subject TEXT NOT NULL, channel TEXT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL);
CREATE INDEX audit_at ON audit (office_id, at);
CREATE TABLE bundle (id {{ID}}, office_id BIGINT NOT NULL REFERENCES office, code TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (office_id, code));
-- A person may not act on matters of these parties (回避).
CREATE TABLE recusal (person_id BIGINT NOT NULL REFERENCES person, party_id BIGINT NOT NULL, ground TEXT NOT NULL, from_at BIGINT NOT NULL, to_at BIGINT, PRIMARY KEY (person_id, party_id)) {{WR}};
-- Owned by effects.
CREATE TABLE licence (id {{ID}}, office_id BIGINT NOT NULL, number TEXT NOT NULL, matter_id BIGINT NOT NULL REFERENCES matter, party_id BIGINT NOT NULL, item_id BIGINT NOT NULL, issued_on TEXT NOT NULL, valid_until TEXT, status SMALLINT NOT NULL, UNIQUE (office_id, number));
CREATE TABLE licence_ban (party_id BIGINT NOT NULL, item_id BIGINT NOT NULL, until_on TEXT NOT NULL, act_id BIGINT NOT NULL, PRIMARY KEY (party_id, item_id)) {{WR}};
CREATE TABLE publication (matter_id BIGINT NOT NULL REFERENCES matter, planned_at BIGINT NOT NULL, published_at BIGINT, PRIMARY KEY (matter_id)) {{WR}};
CREATE TABLE hand_over (matter_id BIGINT NOT NULL REFERENCES matter, act_id BIGINT NOT NULL, way TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (matter_id, act_id)) {{WR}};
CREATE TABLE review_invite (matter_id BIGINT NOT NULL REFERENCES matter, at BIGINT NOT NULL, PRIMARY KEY (matter_id)) {{WR}};
CREATE TABLE credit_note (id {{ID}}, party_id BIGINT NOT NULL, matter_id BIGINT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL, ended_at BIGINT);
CREATE TABLE setting (office_id BIGINT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (office_id, name)) {{WR}};
