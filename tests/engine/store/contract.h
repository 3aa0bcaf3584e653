/*
 * contract.h: what every kind of cache does (silt/cache.h). A row a kind; a test file includes this once.
 */
#ifndef SILT_TESTS_STORE_CONTRACT_H
#define SILT_TESTS_STORE_CONTRACT_H

#include <silt/cache.h>

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CONTRACT_BYTES_MAX = 64 * 1024 * 1024 };

/* A kind of cache: how a new one over a folder of its own is opened, and opened again. */
struct contract_kind {
    const char *name;
    enum silt_status (*open)(const char *dir, uint64_t max_bytes, struct silt_cache **out,
                             struct silt_error *error);
};

static const struct contract_kind contract_kinds[] = {
    {"sqlite", silt_store_open},
};

static inline struct silt_cache_key contract_key(unsigned number)
{
    struct silt_cache_key key = {{0}};
    memcpy(key.bytes + 28, &number, sizeof number);
    return key;
}

static inline void contract_make_folder(char folder[64])
{
    snprintf(folder, 64, "/tmp/silt-store-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static inline void contract_remove_folder(const char *folder)
{
    char command[192];
    snprintf(command, sizeof command, "chmod -R u+rwX %s; rm -rf %s", folder, folder);
    cr_expect_eq(system(command), 0);
}

static inline void contract_put(struct silt_cache *cache, unsigned number, const void *data, size_t size)
{
    struct silt_cache_key key = contract_key(number);
    struct silt_error error = {0};
    cr_assert_eq(cache->ops->put(cache, &key, (struct silt_span){data, size}, &error), SILT_OK, "%s",
                 error.message);
}

/* Whether a value is kept, which then has to be this one. */
static inline bool contract_has(struct silt_cache *cache, unsigned number, const void *data, size_t size)
{
    struct silt_cache_key key = contract_key(number);
    uint8_t *found = NULL;
    size_t found_size = 0;
    enum silt_status status = cache->ops->find(cache, &key, &found, &found_size, NULL);
    if (status == SILT_ERR_NOT_FOUND)
        return false;
    cr_assert_eq(status, SILT_OK);
    cr_assert_eq(found_size, size);
    cr_assert(size == 0 || memcmp(found, data, size) == 0);
    free(found);
    return true;
}

static inline void contract_keeps_values(struct silt_cache *cache)
{
    static uint8_t large[5 * 1024 * 1024];
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * 2654435761U >> 13);
    cr_expect_not(contract_has(cache, 1, "", 0));
    contract_put(cache, 1, "one", 3);
    contract_put(cache, 2, "", 0);
    contract_put(cache, 3, large, sizeof large);
    contract_put(cache, 257, "another", 7);
    cr_expect(contract_has(cache, 1, "one", 3));
    cr_expect(contract_has(cache, 2, "", 0));
    cr_expect(contract_has(cache, 3, large, sizeof large));
    cr_expect(contract_has(cache, 257, "another", 7));
    cr_expect_not(contract_has(cache, 4, "", 0));
    contract_put(cache, 1, "instead", 7);
    cr_expect(contract_has(cache, 1, "instead", 7));
    cr_expect_null(cache->ops->complaint(cache));
}

static inline void contract_refuses_what_is_too_large(struct silt_cache *cache)
{
    struct silt_cache_key key = contract_key(9);
    uint8_t *huge = calloc(1, SILT_CACHE_VALUE_MAX + 1);
    cr_assert_not_null(huge);
    cr_expect_eq(cache->ops->put(cache, &key, (struct silt_span){huge, SILT_CACHE_VALUE_MAX + 1}, NULL),
                 SILT_ERR_LIMIT);
    cr_expect_not(contract_has(cache, 9, "", 0));
    cr_expect_null(cache->ops->complaint(cache));
    free(huge);
}

struct contract_thread {
    struct silt_cache *cache;
    unsigned number;
    bool is_good;
};

static inline void *contract_work(void *context)
{
    struct contract_thread *thread = context;
    char value[32];
    for (unsigned i = 0; i < 100; i++) {
        unsigned number = 1000 + (thread->number + i) % 50;
        struct silt_cache_key key = contract_key(number);
        int size = snprintf(value, sizeof value, "value %u", number);
        struct silt_span span = {(const uint8_t *)value, (size_t)size};
        uint8_t *found = NULL;
        size_t found_size = 0;
        bool is_there = thread->cache->ops->put(thread->cache, &key, span, NULL) == SILT_OK &&
                        thread->cache->ops->find(thread->cache, &key, &found, &found_size, NULL) == SILT_OK;
        thread->is_good = is_there && found_size == span.size && memcmp(found, value, found_size) == 0;
        free(found);
        if (!thread->is_good)
            break;
    }
    return NULL;
}

static inline void contract_serves_threads(struct silt_cache *cache)
{
    enum { THREADS = 4 };
    pthread_t ids[THREADS];
    struct contract_thread threads[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i] = (struct contract_thread){cache, i * 7, false};
        cr_assert_eq(pthread_create(&ids[i], NULL, contract_work, &threads[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(ids[i], NULL);
        cr_expect(threads[i].is_good);
    }
}

/* All of it, over one kind. */
static inline void contract_check(const struct contract_kind *kind)
{
    char folder[64];
    struct silt_cache *cache = NULL;
    struct silt_error error = {0};
    contract_make_folder(folder);
    cr_assert_eq(kind->open(folder, CONTRACT_BYTES_MAX, &cache, &error), SILT_OK, "%s: %s", kind->name,
                 error.message);
    contract_keeps_values(cache);
    contract_refuses_what_is_too_large(cache);
    contract_serves_threads(cache);
    silt_cache_free(cache);
    cr_assert_eq(kind->open(folder, CONTRACT_BYTES_MAX, &cache, NULL), SILT_OK);
    cr_expect(contract_has(cache, 1, "instead", 7), "%s: what was kept is there when opened again",
              kind->name);
    silt_cache_free(cache);
    silt_cache_free(NULL);
    contract_remove_folder(folder);
}

#endif
