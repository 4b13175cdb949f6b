/* Faults of fields, gathered in one error. The number is capped: a body of a megabyte can hold
 * hundreds of thousands of them, and each is appended at the end of a list. */
#include "wire/field.h"

bool field_faults_full(const struct err *e)
{
    size_t n = 0;

    for (const struct err_field *f = e == NULL ? NULL : e->fields; f != NULL; f = f->next) {
        n++;
    }
    return n >= FIELD_FAULTS_MAX;
}

void field_fault(struct arena *a,
                 struct err **ret_err,
                 struct str pointer,
                 const char *code,
                 const char *zh,
                 const char *en)
{
    if (*ret_err == NULL) {
        *ret_err = err_hint(ERROR(a, ERR_FORM_INVALID, "提交的内容有需要改正的地方，没有保存。",
                                  "Some of what was sent needs correction; nothing was saved."),
                            "请按各处的说明改正后重新提交。",
                            "Correct each place as it says and send it again.");
    }
    if (!field_faults_full(*ret_err)) {
        err_field(*ret_err, pointer, code, str_of(zh), str_of(en));
    }
}
