/*
 * wire.c: libnats, and the few requests of JetStream's API (docs.nats.io/reference/reference-protocols/
 * nats_api_reference) that are simpler made directly: the next message, and acknowledgements that are waited
 * for.
 */
#include "serve/nats/wire.h"

#include <inttypes.h>
#include <nats/nats.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIMEOUT_MS = 5000, NS_PER_MS = 1000000, DUPLICATES_MS = 10 * 60 * 1000 };

struct silt_wire {
    natsConnection *connection;
    jsCtx *context;
};

static enum silt_status say(struct silt_error *error, const char *what, natsStatus status)
{
    const char *detail = nats_GetLastError(NULL);
    if (error != NULL)
        snprintf(error->message, sizeof error->message, "NATS: %.100s: %.300s", what,
                 detail != NULL && *detail != '\0' ? detail : natsStatus_GetText(status));
    return status == NATS_NO_MEMORY ? SILT_ERR_MEMORY : SILT_ERR_IO;
}

static natsStatus connect_to(struct silt_wire *wire, const char *url)
{
    natsOptions *options = NULL;
    natsStatus status = natsOptions_Create(&options);
    if (status == NATS_OK)
        status = natsOptions_SetURL(options, url);
    if (status == NATS_OK)
        status = natsOptions_SetName(options, "silt");
    if (status == NATS_OK)
        status = natsOptions_SetMaxReconnect(options, -1);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectWait(options, 500);
    if (status == NATS_OK && strncmp(url, "tls:", 4) == 0)
        status = natsOptions_SetSecure(options, true);
    if (status == NATS_OK)
        status = natsConnection_Connect(&wire->connection, options);
    natsOptions_Destroy(options);
    return status;
}

enum silt_status silt_wire_open(const char *url, struct silt_wire **out, struct silt_error *error)
{
    struct silt_wire *wire = calloc(1, sizeof *wire);
    if (wire == NULL)
        return SILT_ERR_MEMORY;
    jsOptions options;
    natsStatus status = connect_to(wire, url);
    if (status == NATS_OK)
        status = jsOptions_Init(&options);
    options.Wait = TIMEOUT_MS;
    if (status == NATS_OK)
        status = natsConnection_JetStream(&wire->context, wire->connection, &options);
    if (status == NATS_OK) {
        *out = wire;
        return SILT_OK;
    }
    silt_wire_close(wire);
    return say(error, "the server of --nats cannot be reached", status);
}

void silt_wire_close(struct silt_wire *wire)
{
    if (wire == NULL)
        return;
    jsCtx_Destroy(wire->context);
    natsConnection_Destroy(wire->connection);
    free(wire);
}

enum silt_status silt_wire_make_stream(struct silt_wire *wire, const struct silt_wire_stream *stream,
                                       struct silt_error *error)
{
    jsStreamConfig config;
    jsErrCode code = 0;
    jsStreamConfig_Init(&config);
    config.Name = stream->name;
    config.Subjects = (const char *[]){stream->subjects};
    config.SubjectsLen = 1;
    config.Retention = stream->is_work_queue ? js_WorkQueuePolicy : js_LimitsPolicy;
    config.Storage = js_FileStorage;
    config.MaxMsgs = stream->max_messages > 0 ? (int64_t)stream->max_messages : -1;
    config.MaxAge = (int64_t)stream->max_age_ms * NS_PER_MS;
    config.MaxMsgsPerSubject = 1;
    config.Discard = stream->keeps_old ? js_DiscardNew : js_DiscardOld;
    config.DiscardNewPerSubject = stream->keeps_old;
    config.Duplicates = (int64_t)DUPLICATES_MS * NS_PER_MS;
    if (stream->max_age_ms > 0 && stream->max_age_ms < DUPLICATES_MS)
        config.Duplicates = config.MaxAge;
    natsStatus status = js_AddStream(NULL, wire->context, &config, NULL, &code);
    if (code == JSStreamNameExistErr)
        status = js_UpdateStream(NULL, wire->context, &config, NULL, &code);
    return status == NATS_OK ? SILT_OK : say(error, stream->name, status);
}

enum silt_status silt_wire_make_consumer(struct silt_wire *wire, const struct silt_wire_consumer *consumer,
                                         struct silt_error *error)
{
    jsConsumerConfig config;
    jsConsumerConfig_Init(&config);
    config.Durable = consumer->name;
    config.FilterSubject = consumer->filter;
    config.AckPolicy = js_AckExplicit;
    config.AckWait = (int64_t)consumer->ack_wait_ms * NS_PER_MS;
    config.MaxDeliver = -1;
    config.MaxAckPending = consumer->max_pending;
    natsStatus status = js_AddConsumer(NULL, wire->context, consumer->stream, &config, NULL, NULL);
    return status == NATS_OK ? SILT_OK : say(error, consumer->name, status);
}

/* The server says what it refuses in words only (server/store.go: ErrMaxMsgs, ErrMaxMsgsPerSubject). */
static enum silt_wire_answer find_refusal(jsErrCode code)
{
    const char *words = nats_GetLastError(NULL);
    if (words == NULL)
        return SILT_WIRE_FAILED;
    if (strstr(words, "maximum messages per subject") != NULL)
        return SILT_WIRE_OCCUPIED;
    if (strstr(words, "maximum messages exceeded") != NULL)
        return SILT_WIRE_FULL;
    if (code == JSInsufficientResourcesErr || code == JSStorageResourcesExceededErr ||
        strstr(words, "no space left") != NULL || strstr(words, "maximum bytes exceeded") != NULL)
        return SILT_WIRE_NO_SPACE;
    return SILT_WIRE_FAILED;
}

enum silt_status silt_wire_publish(struct silt_wire *wire, const struct silt_wire_message *message,
                                   enum silt_wire_answer *answer, uint64_t *sequence,
                                   struct silt_error *error)
{
    jsPubAck *ack = NULL;
    jsPubOptions options;
    jsErrCode code = 0;
    jsPubOptions_Init(&options);
    options.MsgId = message->id;
    natsStatus status = js_Publish(&ack, wire->context, message->subject, message->data,
                                   (int)strlen(message->data), &options, &code);
    if (status == NATS_OK) {
        *answer = ack->Duplicate ? SILT_WIRE_KNOWN : SILT_WIRE_KEPT;
        *sequence = ack->Sequence;
        jsPubAck_Destroy(ack);
        return SILT_OK;
    }
    *answer = code != 0 ? find_refusal(code) : SILT_WIRE_FAILED;
    if (*answer == SILT_WIRE_OCCUPIED)
        return SILT_OK;
    enum silt_status failure = say(error, "the job cannot be put", status);
    return *answer == SILT_WIRE_FULL ? SILT_ERR_LIMIT : failure;
}

void silt_wire_mail_clear(struct silt_wire_mail *mail)
{
    free(mail->data);
    free(mail->reply);
    free(mail->subject);
    *mail = (struct silt_wire_mail){0};
}

/* "$JS.ACK.STREAM.CONSUMER.DELIVERED.SEQUENCE.…", or with domain and account before the stream. */
static void read_reply(struct silt_wire_mail *mail)
{
    const char *tokens[16];
    size_t count = 0;
    for (const char *at = mail->reply; at != NULL && count < 16; at = strchr(at, '.')) {
        at += *at == '.';
        tokens[count++] = at;
    }
    size_t first = count >= 11 ? 6 : 4;
    if (count < first + 2)
        return;
    mail->deliveries = (unsigned)strtoul(tokens[first], NULL, 10);
    mail->sequence = strtoull(tokens[first + 1], NULL, 10);
}

static enum silt_status copy(natsMsg *message, struct silt_wire_mail *out, struct silt_error *error)
{
    const char *reply = natsMsg_GetReply(message);
    *out = (struct silt_wire_mail){
        .data = strndup(natsMsg_GetData(message) != NULL ? natsMsg_GetData(message) : "",
                        (size_t)natsMsg_GetDataLength(message)),
        .reply = strdup(reply != NULL ? reply : ""),
        .subject = strdup(natsMsg_GetSubject(message)),
        .sequence = natsMsg_GetSequence(message)};
    natsMsg_Destroy(message);
    if (out->data != NULL && out->reply != NULL && out->subject != NULL)
        return SILT_OK;
    silt_wire_mail_clear(out);
    return say(error, "a message", NATS_NO_MEMORY);
}

/* Without an end the server (2.9) does not answer at all while as many messages are held as may be. */
static const char next_request[] = "{\"batch\": 1, \"no_wait\": true, \"expires\": 20000000}";

enum silt_status silt_wire_next(struct silt_wire *wire, const char *stream, const char *consumer,
                                struct silt_wire_mail *out, struct silt_error *error)
{
    char subject[1024];
    natsMsg *message = NULL;
    const char *state = NULL;
    snprintf(subject, sizeof subject, "$JS.API.CONSUMER.MSG.NEXT.%s.%s", stream, consumer);
    natsStatus status =
        natsConnection_RequestString(&message, wire->connection, subject, next_request, TIMEOUT_MS);
    if (status != NATS_OK)
        return say(error, consumer, status);
    if (natsMsgHeader_Get(message, "Status", &state) == NATS_OK && state != NULL) {
        natsMsg_Destroy(message);
        return SILT_END;
    }
    enum silt_status copied = copy(message, out, error);
    if (copied == SILT_OK)
        read_reply(out);
    return copied;
}

enum silt_status silt_wire_tell(struct silt_wire *wire, const char *reply, const char *what,
                                struct silt_error *error)
{
    natsMsg *answer = NULL;
    natsStatus status = natsConnection_RequestString(&answer, wire->connection, reply, what, TIMEOUT_MS);
    natsMsg_Destroy(answer);
    return status == NATS_OK ? SILT_OK : say(error, what, status);
}

static enum silt_status look(natsStatus status, jsErrCode code, natsMsg *message, struct silt_wire_mail *out,
                             struct silt_error *error)
{
    if (status == NATS_OK)
        return copy(message, out, error);
    if (status == NATS_NOT_FOUND || code == JSNoMessageFoundErr) {
        say(error, "there is no such message", status);
        return SILT_ERR_NOT_FOUND;
    }
    return say(error, "a message cannot be read", status);
}

enum silt_status silt_wire_look(struct silt_wire *wire, const char *stream, uint64_t sequence,
                                struct silt_wire_mail *out, struct silt_error *error)
{
    natsMsg *message = NULL;
    jsErrCode code = 0;
    natsStatus status = js_GetMsg(&message, wire->context, stream, sequence, NULL, &code);
    return look(status, code, message, out, error);
}

enum silt_status silt_wire_look_last(struct silt_wire *wire, const char *stream, const char *subject,
                                     struct silt_wire_mail *out, struct silt_error *error)
{
    natsMsg *message = NULL;
    jsErrCode code = 0;
    natsStatus status = js_GetLastMsg(&message, wire->context, stream, subject, NULL, &code);
    return look(status, code, message, out, error);
}

enum silt_status silt_wire_remove(struct silt_wire *wire, const char *stream, uint64_t sequence,
                                  struct silt_error *error)
{
    natsStatus status = js_DeleteMsg(wire->context, stream, sequence, NULL, NULL);
    return status == NATS_OK ? SILT_OK : say(error, "a message cannot be removed", status);
}

enum silt_status silt_wire_measure(struct silt_wire *wire, const char *stream, struct silt_wire_figures *out,
                                   struct silt_error *error)
{
    jsStreamInfo *info = NULL;
    natsStatus status = js_GetStreamInfo(&info, wire->context, stream, NULL, NULL);
    if (status != NATS_OK)
        return say(error, stream, status);
    *out = (struct silt_wire_figures){info->State.Msgs, info->State.FirstSeq, info->State.LastSeq,
                                      info->State.FirstTime / NS_PER_MS};
    jsStreamInfo_Destroy(info);
    return SILT_OK;
}

enum silt_status silt_wire_pending(struct silt_wire *wire, const char *stream, const char *consumer,
                                   uint64_t *held, uint64_t *delivered, struct silt_error *error)
{
    jsConsumerInfo *info = NULL;
    natsStatus status = js_GetConsumerInfo(&info, wire->context, stream, consumer, NULL, NULL);
    if (status != NATS_OK)
        return say(error, consumer, status);
    *held = (uint64_t)info->NumAckPending;
    *delivered = info->Delivered.Stream;
    jsConsumerInfo_Destroy(info);
    return SILT_OK;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool silt_wire_put_token(char *subject, size_t size, const char *text)
{
    size_t used = strlen(subject);
    if (used > 0 && used + 1 < size)
        subject[used++] = '.';
    if (*text == '\0' && used + 1 < size)
        subject[used++] = '=';
    for (; *text != '\0' && used + 4 < size; text++) {
        if (is_plain(*text))
            subject[used++] = *text;
        else
            used += (size_t)snprintf(subject + used, size - used, "=%02X", (unsigned char)*text);
    }
    subject[used] = '\0';
    return *text == '\0';
}
