/* Accepted kinds: what a form may carry as evidence, nothing that a browser would run. The office
 * formats and OFD (GB/T 33190) are zip archives, so their first bytes are the same. */
#include "base/check.h"
#include "run/upload.h"

#include <string.h>

struct upload_kind {
    struct str media;
    const char *magic;
    size_t magic_n; /* 0: text */
};

#define OFFICE_XML "application/vnd.openxmlformats-officedocument."

/* clang-format off */
static const struct upload_kind kinds[] = {
    {S_INIT("application/pdf"),                         "%PDF-", 5},
    {S_INIT("image/jpeg"),                              "\xff\xd8\xff", 3},
    {S_INIT("image/png"),                               "\x89PNG\r\n\x1a\n", 8},
    {S_INIT(OFFICE_XML "wordprocessingml.document"),    "PK\x03\x04", 4},
    {S_INIT(OFFICE_XML "spreadsheetml.sheet"),          "PK\x03\x04", 4},
    {S_INIT("application/ofd"),                         "PK\x03\x04", 4},
    {S_INIT("text/plain"),                              "", 0},
};
/* clang-format on */

const struct upload_kind *upload_kind_of(struct str media)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        if (str_eq(kinds[i].media, media)) {
            return &kinds[i];
        }
    }
    return NULL;
}

bool upload_kind_begins(const struct upload_kind *k, struct bytes head)
{
    return head.n >= k->magic_n && (k->magic_n == 0 || memcmp(head.p, k->magic, k->magic_n) == 0);
}

/* Text may be UTF-8 or GB 18030; in both, control bytes stand for themselves. */
bool upload_kind_allows(const struct upload_kind *k, struct bytes piece)
{
    if (k->magic_n > 0) {
        return true;
    }
    for (size_t i = 0; i < piece.n; i++) {
        unsigned char c = piece.p[i];

        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            return false;
        }
    }
    return true;
}
