/* The statements of office: each is written in the file that uses it, all are listed here, so that the
 * module can hand them to db_check. */
#ifndef HUHANG_APP_OFFICE_STATEMENTS_H
#define HUHANG_APP_OFFICE_STATEMENTS_H

#include "store/db.h"

/* As STMT and STMT_RUN of store/db.h, but seen by module.c. */
#define OFFICE_STMT(ident, label, in_rows, out_rows, out_type, text)                               \
    const struct stmt ident = {                                                                    \
        .name = (label), .sql = (text), .in = (in_rows), .out = (out_rows), .out_size = sizeof(out_type)}
#define OFFICE_STMT_RUN(ident, label, in_rows, text)                                               \
    const struct stmt ident = {.name = (label), .sql = (text), .in = (in_rows)}

#define OFFICE_STMTS(X)                                                                            \
    X(stmt_profile_set)                                                                            \
    X(stmt_unit_list)                                                                              \
    X(stmt_unit_find)                                                                              \
    X(stmt_unit_code)                                                                              \
    X(stmt_unit_uses)                                                                              \
    X(stmt_unit_insert)                                                                            \
    X(stmt_unit_change)                                                                            \
    X(stmt_unit_move)                                                                              \
    X(stmt_staff_list)                                                                             \
    X(stmt_staff_one)                                                                              \
    X(stmt_staff_grants)                                                                           \
    X(stmt_grant_list)                                                                             \
    X(stmt_audit_list)                                                                             \
    X(stmt_sign_in_list)

#define OFFICE_STMT_DECLARE(ident) extern const struct stmt ident;
OFFICE_STMTS(OFFICE_STMT_DECLARE)

#endif
