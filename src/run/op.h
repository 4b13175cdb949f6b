/* Operation rows: the centre of the house (c-models 3.4, idea 7).
 *
 * One row gives route, permission, lane, input and output rows, handler, audit verb, metric label,
 * operationId and texts. Authorization is a column: PERM_… must be given, 0 is refused at start, so
 * a route cannot be open by oversight. `huhang openapi` prints the contract from these rows.
 *
 * Input rows cover path, query and body in one struct: a row named in {braces} of the path is a
 * path parameter, other rows are query parameters for GET and DELETE and body members for POST,
 * PUT, PATCH. */
#ifndef HUHANG_RUN_OP_H
#define HUHANG_RUN_OP_H

#include "run/call.h"
#include "wire/field.h"

enum op_method { OP_GET = 1, OP_POST, OP_PUT, OP_PATCH, OP_DELETE };

enum lane_kind {
    LANE_READ = 1, /* threads with read-only connections */
    LANE_WRITE,    /* the office's queue: one writer, groups */
    LANE_SLOW, /* password hashing, PDF, export; may call lane_write and wait; has a read connection
                */
};

enum perm {
    PERM_PUBLIC = 1, /* on purpose */
    PERM_SIGNED_IN,
    PERM_APPLICANT,
    PERM_STAFF,
    PERM_ROLES,          /* any of op.roles ("clerk|approver"), anywhere in the office */
    PERM_SYSTEM_ADMIN,   /* 系统管理员 */
    PERM_SECURITY_ADMIN, /* 安全管理员 */
    PERM_AUDIT_ADMIN,    /* 审计管理员 */
    PERM_BUREAU,         /* roles bureau_admin: offices' units, items, calendar */
    PERM_MATTER, /* decided per matter and act by procedure/permit: signed in, handler must ask it
                  */
    PERM_CLI,    /* only over admin.sock */
};

enum op_flag {
    OP_INLINE = 1,   /* short read by key: may run in the HTTP thread with its own connection */
    OP_IF_MATCH = 2, /* If-Match is required (428) */
    OP_NO_KEY = 4,   /* write without Idempotency-Key (sign-in, sign-out, uploads) */
    OP_NO_CSRF = 8,  /* sign-in, registration */
    OP_DEMO = 16,    /* exists in demo folders only (404 elsewhere) */
    OP_ANY_PASSWORD = 32, /* allowed while a password change is due */
    OP_JSON_RAW = 64,     /* handler fills reply.media/body itself; out rows only document it */
};

struct op {
    const char *name; /* matter.act: capability.verb */
    enum op_method method;
    const char *path; /* below /api/v1 */
    enum lane_kind lane;
    enum perm perm;
    const char *roles; /* PERM_ROLES */
    unsigned flags;
    const struct field *in;
    uint32_t in_size;
    const struct field *out;
    uint32_t out_size;
    struct err *(*fn)(struct call *c, const void *in, void *out);
    const enum err_code *errors; /* declared beyond the general ones; ends with ERR_CODE_MAX */
    const char *zh, *en;
    const char *reply_media;  /* OP_JSON_RAW: media type of the body, NULL JSON */
    const char *reply_schema; /* OP_JSON_RAW JSON: schema text */
};

/* The permission column; also run by http before decoding the body. ERR_SIGN_IN, ERR_FORBIDDEN or
 * ERR_NOT_FOUND (as if absent). */
struct err *op_permit(struct call *c) MUST_CHECK;
/* Authenticates, permits, decodes (obj may be NULL), runs the handler, encodes the reply into
 * *ret_body. Used by lanes, admin.sock, tests and the simulation alike. Does not open units. */
struct err *op_perform(struct call *c, const struct jval *obj, struct str *ret_body) MUST_CHECK;

/* The two halves of op_perform, for the writer, which looks for a stored reply between them:
 * authenticate (unless the actor is already known), permit, If-Match present
 * (ERR_PRECONDITION_MISSING); decode, handle, encode. */
struct err *op_enter(struct call *c) MUST_CHECK;
struct err *op_handle(struct call *c, const struct jval *obj, struct str *ret_body) MUST_CHECK;
/* Status of a good reply: the handler's, else 201 with a location, 204 without a body, 200. */
int op_status(const struct call *c);
/* ERR_KEY_MISSING when a WRITE operation lacks a usable Idempotency-Key (timers may go without). */
struct err *op_need_key(const struct call *c) MUST_CHECK;

struct op_registry;
/* Refuses duplicates of name or method+path, rows without permission, handler or text. */
struct err *op_registry_new(struct app *app, struct arena *a, struct op_registry **ret) MUST_CHECK;
const struct op *op_find(const struct op_registry *r, struct str name);
size_t op_count(const struct op_registry *r);
const struct op *op_at(const struct op_registry *r, size_t i);
/* Path below /api/v1 → row and path parameters (decoded segments). NULL: no such path;
 * *ret_path_exists tells 405 from 404. */
const struct op *op_route(const struct op_registry *r,
                          struct arena *a,
                          enum op_method m,
                          struct str path,
                          struct jval *ret_params,
                          bool *ret_path_exists);
/* The text of a path or query parameter as its input row wants it: whole numbers and true/false are
 * converted, anything else stays text, so field_decode names what is wrong. */
struct jval op_param(const struct op *op, struct str name, struct str text);
/* The OpenAPI 3.1 document. */
struct str op_openapi(const struct op_registry *r, struct arena *a);

#endif
