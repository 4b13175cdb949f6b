/* Hash maps from text or integers to pointers, in an arena or long-lived. Insertion order is kept
 * for iteration. Not safe to share between threads while it is being written. */
#ifndef HUHANG_BASE_MAP_H
#define HUHANG_BASE_MAP_H

#include "base/str.h"

struct arena;
struct map;

/* In the arena; with NULL in malloc memory (free with map_free). Keys are copied. */
struct map *map_new(struct arena *a);
void map_free(struct map *m);
/* Sets key to value and returns the former value or NULL. */
void *map_put(struct map *m, struct str key, void *value);
void *map_get(const struct map *m, struct str key);
void *map_del(struct map *m, struct str key);
void *map_put_int(struct map *m, int64_t key, void *value);
void *map_get_int(const struct map *m, int64_t key);
void *map_del_int(struct map *m, int64_t key);
size_t map_count(const struct map *m);
/* i-th live entry in insertion order (0-based, i < map_count); *ret_key may be NULL. Deleting
 * changes positions. */
void *map_at(const struct map *m, size_t i, struct str *ret_key);
/* Iteration that also stays cheap after deletions: start with *at = 0, ends with false. An integer
 * key gives none; *ret_key may be NULL. Nothing may be put or deleted on the way. */
bool map_next(const struct map *m, size_t *at, struct str *ret_key, void **ret_value);

#endif
