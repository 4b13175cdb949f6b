/* The statements that listed themselves (db.h, STMT). The linker gathers the section and gives its
 * ends. */
#include "store/db.h"

/* NOLINTBEGIN(bugprone-reserved-identifier): the names are the linker's */
extern const struct stmt *const __start_huhang_stmts[];
extern const struct stmt *const __stop_huhang_stmts[];
/* NOLINTEND(bugprone-reserved-identifier) */

struct stmt_list stmt_all(void)
{
    size_t n = (size_t)(__stop_huhang_stmts - __start_huhang_stmts);
    return (struct stmt_list){__start_huhang_stmts, n};
}
