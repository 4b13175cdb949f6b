/* QR codes from libqrencode; only the lowest bit of each of its modules is ours. */
#include "print/qr.h"

#include "base/arena.h"
#include "base/buf.h"

#include <qrencode.h>

#define QUIET    4    /* blank modules around (ISO/IEC 18004) */
#define TEXT_MAX 2331 /* version 40, level M, bytes */

struct err *qr_make(struct arena *a, struct str text, struct qr *ret)
{
    QRcode *code = NULL;
    unsigned char *modules;
    size_t n;

    if (text.n > 0 && text.n <= TEXT_MAX) {
        code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    }
    if (code == NULL) {
        return ERROR(
            a, ERR_INTERNAL, "无法生成二维码：内容为 %zu 字节，应为 1–2331 字节。",
            "The QR code could not be made: the text has %zu bytes, 1 to 2331 are possible.",
            text.n);
    }
    n = (size_t)code->width * (size_t)code->width;
    modules = ARENA_ARRAY(a, unsigned char, n);
    for (size_t i = 0; i < n; i++) {
        modules[i] = code->data[i] & 1;
    }
    *ret = (struct qr){code->width, modules};
    QRcode_free(code);
    return NULL;
}

struct str qr_svg(struct arena *a, const struct qr *q)
{
    int side = q->width + 2 * QUIET;
    struct buf out;

    buf_init(&out, a, 8192);
    buf_fmt(&out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "shape-rendering=\"crispEdges\">"
            "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
            side, side, side, side);
    for (int y = 0; y < q->width; y++) {
        for (int x = 0, run; x < q->width; x += run + 1) {
            for (run = 0; x + run < q->width && q->modules[y * q->width + x + run] != 0; run++) {
            }
            if (run > 0) {
                buf_fmt(&out, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, run, run);
            }
        }
    }
    buf_putz(&out, "\"/></svg>");
    return buf_str(&out);
}
