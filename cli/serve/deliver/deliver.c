/*
 * deliver.c: POST by libcurl.
 */
#include "serve/deliver/deliver.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { TIMEOUT_MS = 10000, CONNECT_MS = 5000, ANSWER_MAX = 64 * 1024, RETRY_MOST_S = 86400 };

void silt_deliver_header(struct silt_deliver_letter *letter, const char *name, const char *value)
{
    if (letter->header_count == SILT_DELIVER_MOST_HEADERS || strpbrk(value, "\r\n") != NULL)
        return;
    char *header = letter->headers[letter->header_count];
    int size = snprintf(header, SILT_DELIVER_HEADER_SIZE, "%s: %s", name, value);
    letter->header_count += size > 0 && size < SILT_DELIVER_HEADER_SIZE;
}

/* The answer's body is not read, and may not be long. */
static size_t pass_over(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    size_t *seen = context;
    *seen += size * count;
    return *seen <= ANSWER_MAX ? size * count : 0;
}

static int ask_to_end(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    const struct silt_deliver_letter *letter = context;
    return letter->is_ending != NULL && letter->is_ending(letter->context);
}

static struct curl_slist *make_headers(const struct silt_deliver_letter *letter)
{
    char text[SILT_DELIVER_HEADER_SIZE + 16];
    snprintf(text, sizeof text, "Content-Type: %s", letter->type);
    struct curl_slist *list = curl_slist_append(NULL, text);
    list = list != NULL ? curl_slist_append(list, "Expect:") : NULL;
    for (size_t i = 0; i < letter->header_count && list != NULL; i++)
        list = curl_slist_append(list, letter->headers[i]);
    return list;
}

static void prepare(CURL *curl, const struct silt_deliver_letter *letter, struct curl_slist *headers,
                    size_t *seen)
{
    curl_easy_setopt(curl, CURLOPT_URL, letter->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "silt");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)letter->size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, letter->body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, pass_over);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, seen);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ask_to_end);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, (void *)letter);
    if (letter->ca != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, letter->ca);
}

static void read_answer(CURL *curl, CURLcode result, struct silt_deliver_outcome *out)
{
    long code = 0;
    curl_off_t wait = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &wait);
    out->is_taken = code >= 200 && code < 300; /* also if what came behind the code was too long */
    out->is_final = code == 410;
    out->retry_after_ms = (uint64_t)(wait < RETRY_MOST_S ? wait : RETRY_MOST_S) * 1000;
    if (!out->is_taken && code > 0)
        snprintf(out->reason, sizeof out->reason, "the receiver answered %ld", code);
    else if (!out->is_taken)
        snprintf(out->reason, sizeof out->reason, "%s", curl_easy_strerror(result));
}

void silt_deliver_send(const struct silt_deliver_letter *letter, struct silt_deliver_outcome *out)
{
    size_t seen = 0;
    *out = (struct silt_deliver_outcome){.reason = "out of memory"};
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = make_headers(letter);
    if (curl != NULL && headers != NULL) {
        out->reason[0] = '\0';
        prepare(curl, letter, headers, &seen);
        CURLcode result = curl_easy_perform(curl);
        read_answer(curl, result, out);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
}
