/* The statements of identity: each is written in the file that uses it, all are listed here, so that
 * the module can hand them to db_check. */
#ifndef HUHANG_APP_IDENTITY_STATEMENTS_H
#define HUHANG_APP_IDENTITY_STATEMENTS_H

#include "store/db.h"

/* As STMT and STMT_RUN of store/db.h, but seen by module.c. */
#define IDENTITY_STMT(ident, label, in_rows, out_rows, out_type, text)                             \
    const struct stmt ident = {                                                                    \
        .name = (label), .sql = (text), .in = (in_rows), .out = (out_rows), .out_size = sizeof(out_type)}
#define IDENTITY_STMT_RUN(ident, label, in_rows, text)                                             \
    const struct stmt ident = {.name = (label), .sql = (text), .in = (in_rows)}

#define IDENTITY_STMTS(X)                                                                          \
    X(stmt_person_by_id) \
    X(stmt_person_by_login) \
    X(stmt_person_by_party) \
    X(stmt_person_login_taken) \
    X(stmt_person_insert_key) \
    X(stmt_person_insert) \
    X(stmt_person_set_password) \
    X(stmt_person_set_verified) \
    X(stmt_person_set_staff) \
    X(stmt_person_set_failures) \
    X(stmt_role_grants) \
    X(stmt_role_admins_named) \
    X(stmt_grant_of_person) \
    X(stmt_grant_exists) \
    X(stmt_grant_successor) \
    X(stmt_grant_insert) \
    X(stmt_grant_end_on) \
    X(stmt_session_find) \
    X(stmt_session_insert) \
    X(stmt_session_end_by_token) \
    X(stmt_session_end_all) \
    X(stmt_session_seen) \
    X(stmt_session_acting) \
    X(stmt_session_purge) \
    X(stmt_code_find) \
    X(stmt_code_insert) \
    X(stmt_code_use) \
    X(stmt_code_end_old) \
    X(stmt_code_purge) \
    X(stmt_sign_in_note) \
    X(stmt_mandate_best) \
    X(stmt_mandate_all_in_force) \
    X(stmt_mandate_by_id) \
    X(stmt_mandate_own) \
    X(stmt_mandate_at_window) \
    X(stmt_mandate_party) \
    X(stmt_mandate_same) \
    X(stmt_mandate_insert) \
    X(stmt_mandate_confirm) \
    X(stmt_mandate_end_now)

#define IDENTITY_STMT_DECLARE(ident) extern const struct stmt ident;
IDENTITY_STMTS(IDENTITY_STMT_DECLARE)

#endif
