package io.keysweep.server.error;

import org.jspecify.annotations.Nullable;

/**
 * Lists the error codes of responses, each with its HTTP status and message.
 *
 * <p>{@code {0}} in a message is replaced by the subject of the error. The codes and messages, including their
 * mistakes, come word for word from the page "Error Codes" of the public API reference of DCS, Huawei Cloud's
 * Distributed Cache Service. Codes {@code DCS.49xx} are Keysweep's own, for cases that the reference does not list.
 */
public enum ErrorCode {
    INVALID_TOKEN(401, "DCS.1001", "Invalid token."),
    TOKEN_EXPIRED(401, "DCS.1002", "Token expired."),
    NO_TOKEN(401, "DCS.1003", "No token in the request."),
    WRONG_PROJECT(401, "DCS.1004", "Project ID does not match the token."),
    ROLE_DENIED(403, "DCS.2003", "This role does not have the permission to perform this operation."),
    ACTION_DENIED(403, "DCS.2007", "Policy does not allow {0} to be performed."),
    UNKNOWN_INSTANCE(404, "DCS.3022", "This DCS instance does not exist."),
    UNKNOWN_URL(404, "DCS.4001", "The requested URL does not exist."),
    MALFORMED_PROJECT_ID(400, "DCS.4002", "Invalid project ID format."),
    EMPTY_BODY(400, "DCS.4004", "Empty request body."),
    MALFORMED_BODY(400, "DCS.4005", "The message body contains invalid characters or is not in JSON format."),
    SCAN_ACTIVE(400, "DCS.4017", "This DCS instance job task is still running."),
    INSTANCE_NOT_RUNNING(400, "DCS.4049", "The instance status is not running."),
    MALFORMED_INSTANCE_ID(400, "DCS.4061", "Invalid instance ID format."),
    INVALID_PARAMETER(400, "DCS.4800", "Invalid {0} in the request."),
    SCAN_NOT_SUPPORTED(400, "DCS.4818", "Do not support auto expire scan."),
    INVALID_FIRST_SCAN_AT(
            400,
            "DCS.4819",
            "The first_scan_at parameter is invalid. Its must be ISO format utc date-time. The time must be later than the"
                    + " current time."),
    INVALID_INTERVAL(400, "DCS.4820", "The interval parameter is invalid. must Greater than or equal to 0."),
    INVALID_TIMEOUT(
            400,
            "DCS.4821",
            "The timeout parameter is invalid. Its must Greater than or equal to interval * 2, if interval is 0, timeout"
                    + " must Greater than 1 second."),
    INVALID_SCAN_KEYS_COUNT(
            400,
            "DCS.4822",
            "The scan_keys_count parameter is invalid. Its must Greater than or equal to 10, and Less than or equal to"
                    + " 1000."),
    UNKNOWN_SCAN(404, "DCS.4900", "This scan does not exist."),
    NAME_TAKEN(409, "DCS.4901", "The name is already in use."),
    INSTANCE_BUSY(409, "DCS.4902", "A scan of this instance is waiting or running."),
    SETTINGS_RAISED(409, "DCS.4905", "Settings of this instance's servers are raised."),
    BODY_TOO_LARGE(413, "DCS.4903", "The request body is too large."),
    UNSUPPORTED_MEDIA_TYPE(415, "DCS.4904", "The content type of the request is not supported."),
    UNKNOWN_PROJECT(404, "DCS.4910", "This project does not exist."),
    SCAN_ENDED(409, "DCS.4911", "The scan has ended."),
    STALE(412, "DCS.4912", "This was changed in the meantime."),
    SCAN_NOT_ENDED(409, "DCS.4914", "The scan has not ended."),
    ID_TAKEN(409, "DCS.4920", "The id is already in use."),
    TOO_MANY_WRONG_KEYS(429, "DCS.4921", "Too many wrong keys or passwords were sent."),
    UNKNOWN_WEBHOOK(404, "DCS.4930", "This webhook does not exist."),
    UNKNOWN_DELIVERY(404, "DCS.4931", "This delivery does not exist."),
    ABOVE_CEILING(400, "DCS.4940", "Above a ceiling: {0}."),
    UNKNOWN_APPROVAL(404, "DCS.4941", "This request for approval does not exist."),
    APPROVAL_OVER(409, "DCS.4942", "The request for approval was decided, or has expired."),
    OWN_REQUEST(403, "DCS.4943", "An access key cannot decide about its own request."),
    APPROVAL_PENDING(409, "DCS.4944", "Another request for this instance waits for approval."),
    WEBHOOK_DISABLED(409, "DCS.4932", "The webhook is disabled."),
    UNKNOWN_ESTIMATE(404, "DCS.4933", "No estimate of this instance was made yet."),
    ESTIMATE_RUNNING(409, "DCS.4934", "An estimate of this instance is being made."),
    UNKNOWN_ACCESS_KEY(404, "DCS.4935", "This access key does not exist."),
    OWN_ACCESS_KEY(409, "DCS.4936", "An access key cannot change or withdraw itself, or remove its project."),
    PROJECT_NOT_EMPTY(409, "DCS.4937", "The project has instances."),
    FOREIGN_FORM(403, "DCS.4938", "The form is out of date, or was not sent from a page of this service."),
    IDEMPOTENCY_KEY_REUSED(422, "DCS.4913", "The Idempotency-Key was used for another request."),
    UNKNOWN_ACCESS_POLICY(404, "DCS.4950", "This access policy does not exist."),
    BUILT_IN_ROLE(409, "DCS.4951", "A built-in role cannot be changed."),
    ACCESS_POLICY_IN_USE(409, "DCS.4952", "Access keys or users have this access policy."),
    LAST_ADMINISTRATOR(409, "DCS.4953", "No access key that may do everything would remain."),
    ACCESS_KEY_UNUSABLE(409, "DCS.4954", "The access key cannot be used any more."),
    UNKNOWN_USER(404, "DCS.4955", "This user does not exist."),
    OWN_USER(409, "DCS.4956", "A user cannot change or remove itself."),
    NO_PASSWORD(409, "DCS.4957", "The caller is not a user with a password."),
    ISSUER_UNAVAILABLE(503, "DCS.4958", "The OpenID Connect issuer cannot be reached at present."),
    NOT_MAPPED(403, "DCS.4959", "The person has no rights in this service."),
    REQUEST_TIMEOUT(408, "DCS.4960", "The request did not arrive in time."),
    TOO_MANY_REQUESTS(429, "DCS.4961", "Too many requests."),
    OVERLOADED(503, "DCS.4962", "The service is overloaded."),
    UNAVAILABLE(503, "DCS.4963", "The service is starting or stopping."),
    QUOTA_REACHED(409, "DCS.4964", "There are as many as are allowed."),
    METHOD_NOT_ALLOWED(405, "DCS.5001", "The request method is not allowed for this URL."),
    INTERNAL(500, "DCS.5000", "Internal service error."),
    DATABASE_UNAVAILABLE(
            503, "DCS.4939", "The database of the service could not complete the call; try again in some seconds.");

    private final int status;
    private final String code;
    private final String message;

    ErrorCode(int status, String code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the code as responses contain it, such as {@code DCS.4800}. */
    public String code() {
        return code;
    }

    /**
     * Returns the time in seconds after which clients may repeat a request; null if a repetition would not help. A
     * client that repeats immediately would prolong an overload.
     */
    public @Nullable Integer retryAfterSeconds() {
        return switch (this) {
            case DATABASE_UNAVAILABLE, ISSUER_UNAVAILABLE, OVERLOADED, UNAVAILABLE -> 5;
            case TOO_MANY_REQUESTS -> 1;
            // The longest time for which all secrets from an address are refused. The passwords for a name can be
            // refused for longer, see WrongSecretLimit.
            case TOO_MANY_WRONG_KEYS -> 60;
            default -> null;
        };
    }

    /**
     * Returns the message in plain words, as everything but the DCS API shows it. The DCS API shows {@link #message},
     * which has the vendor's words.
     *
     * @param subject replaces the placeholder in the message; an empty text if there is none
     */
    public String plainMessage(String subject) {
        return plainPhrase(subject).text();
    }

    /** Returns the message that {@link #plainMessage} returns, as a phrase. */
    Phrase plainPhrase(String subject) {
        String plainText = switch (this) {
            case UNKNOWN_INSTANCE -> "This instance does not exist.";
            case SCAN_ACTIVE -> INSTANCE_BUSY.message;
            case INSTANCE_NOT_RUNNING -> "The server of the instance cannot be used at present.";
            case SCAN_NOT_SUPPORTED -> "The server of the instance cannot be scanned.";
            default -> message;
        };
        return Phrase.of(plainText, subject);
    }

    /**
     * Returns the vendor's message, with {@code subject}, such as the name of a parameter, instead of the placeholder.
     */
    public String message(String subject) {
        return message.replace("{0}", subject);
    }
}
