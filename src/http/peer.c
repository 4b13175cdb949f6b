/* Addresses as keys (peer.h). */
#include "http/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#define V6_NETWORK 8 /* bytes */

static struct str of_v6(struct arena *a, const unsigned char v6[16])
{
    struct in6_addr at;
    char text[INET_ADDRSTRLEN];
    memcpy(&at, v6, sizeof(at));
    if (IN6_IS_ADDR_V4MAPPED(&at) && inet_ntop(AF_INET, v6 + 12, text, sizeof(text)) != NULL) {
        return str_dup(a, str_of(text));
    }
    return str_hex(a, (struct bytes){v6, V6_NETWORK});
}

struct str peer_of_text(struct arena *a, struct str address)
{
    unsigned char raw[16];
    struct str s = str_trim(address);
    ptrdiff_t end = str_find_char(s, ']');
    ptrdiff_t colon = str_find_char(s, ':');

    if (end > 0 && s.p[0] == '[') {
        s = str_sub(s, 1, (size_t)end);
    } else if (colon >= 0 && str_find_char(str_sub(s, (size_t)colon + 1, s.n), ':') < 0) {
        s = str_sub(s, 0, (size_t)colon); /* 192.0.2.7:1234 */
    }
    const char *z = str_z(a, s);
    if (inet_pton(AF_INET, z, raw) == 1) {
        return str_dup(a, s);
    }
    return inet_pton(AF_INET6, z, raw) == 1 ? of_v6(a, raw) : STR_NONE;
}

struct str peer_of_client(struct arena *a, struct str direct, bool loopback, struct str forwarded)
{
    struct str last = STR_NONE;

    if (!loopback) {
        return direct;
    }
    while (forwarded.p != NULL) {
        last = str_split(&forwarded, ',');
    }
    struct str client = last.p != NULL ? peer_of_text(a, last) : STR_NONE;
    return client.p != NULL ? client : direct;
}
