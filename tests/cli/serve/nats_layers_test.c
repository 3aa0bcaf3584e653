/*
 * nats_layers_test.c: the layer cache of a fleet does what every kind of cache does, and one layer is one
 * worker's at a time.
 */
#include "serve/nats/nats_layers.h"

#include "engine/store/contract.h"
#include "queues.h"

static struct bed bed;

static enum silt_status open_layers(const char *dir, uint64_t max_bytes, struct silt_cache **out,
                                    struct silt_error *error)
{
    (void)dir;
    return silt_nats_layers_open(bed.url, max_bytes, out, error);
}

static void set_up(void)
{
    for (size_t i = 0; i < silt_queue_kind_count(); i++)
        if (strcmp(silt_queue_kind_at(i)->name, "nats") == 0)
            bed_open(&bed, silt_queue_kind_at(i));
}

static void tear_down(void)
{
    bed_close(&bed);
}

TestSuite(nats_layers, .init = set_up, .fini = tear_down);

Test(nats_layers, contract)
{
    static const struct contract_kind kind = {"nats", open_layers};
    contract_check(&kind);
}

static struct silt_cache *other;

static void *find_in_other(void *found)
{
    struct silt_cache_key key = contract_key(7);
    uint8_t *value = NULL;
    size_t size = 0;
    *(enum silt_status *)found = other->ops->find(other, &key, &value, &size, NULL);
    free(value);
    return NULL;
}

/* Who finds nothing is to scan; who comes meanwhile waits, and finds. */
Test(nats_layers, waits_for_who_scans)
{
    struct silt_cache *cache = NULL;
    pthread_t thread;
    enum silt_status status = SILT_END;
    cr_assert_eq(open_layers("", CONTRACT_BYTES_MAX, &cache, NULL), SILT_OK);
    cr_assert_eq(open_layers("", CONTRACT_BYTES_MAX, &other, NULL), SILT_OK);
    cr_expect_not(contract_has(cache, 7, "", 0));
    pthread_create(&thread, NULL, find_in_other, &status);
    bed_sleep(500);
    contract_put(cache, 7, "seven", 5);
    pthread_join(thread, NULL);
    cr_expect_eq(status, SILT_OK, "the other one would have scanned it as well");
    silt_cache_free(other);
    silt_cache_free(cache);
}
