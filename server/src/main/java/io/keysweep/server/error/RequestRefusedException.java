package io.keysweep.server.error;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reports that the service refuses a request; {@link ErrorAdvice} turns this exception into an error response.
 *
 * <p>It consists of an error code with a message, a detail for this request, and the fields with problems, if there are
 * any. Clients and the log see all of these, so they must contain no secret.
 */
public final class RequestRefusedException extends RuntimeException {

    private final ErrorCode code;
    private final String subject;
    private final transient @Nullable Phrase detail;
    private final transient List<FieldProblem> problems;
    private final @Nullable Integer retryAfterSeconds;

    private RequestRefusedException(ErrorCode code, String subject, @Nullable Phrase detail) {
        this(code, subject, detail, List.of(), code.retryAfterSeconds());
    }

    private RequestRefusedException(
            ErrorCode code,
            String subject,
            @Nullable Phrase detail,
            List<FieldProblem> problems,
            @Nullable Integer retryAfterSeconds) {
        super(code.message(subject) + (detail == null ? "" : " " + detail));
        this.code = code;
        this.subject = subject;
        this.detail = detail;
        this.problems = List.copyOf(problems);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Creates a refusal with the message of the error code alone. */
    public static RequestRefusedException of(ErrorCode code) {
        return new RequestRefusedException(code, /* subject= */ "", /* detail= */ null);
    }

    /**
     * Creates a refusal with a detail.
     *
     * @param detail one or more sentences, such as the refused value, the rule, and what to do next
     */
    public static RequestRefusedException of(ErrorCode code, String detail) {
        return of(code, Phrase.of(detail));
    }

    /**
     * Creates a refusal with a detail that says how long to wait.
     *
     * @param detail one or more sentences, with the same time as {@code retryAfter}
     * @param retryAfter the time after which clients may repeat the request, instead of the time of the error code
     */
    public static RequestRefusedException of(ErrorCode code, String detail, Duration retryAfter) {
        return new RequestRefusedException(
                code, /* subject= */ "", Phrase.of(detail), List.of(), Math.toIntExact(retryAfter.toSeconds()));
    }

    /** Creates a refusal with a detail that has arguments. */
    public static RequestRefusedException of(ErrorCode code, Phrase detail) {
        return new RequestRefusedException(code, /* subject= */ "", detail);
    }

    /**
     * Creates a refusal with a detail, for an error code whose message has a placeholder.
     *
     * @param subject replaces the placeholder, such as {@code header} in {@code Invalid header in the request.}
     * @param detail one or more sentences, such as the refused value, the rule, and what to do next
     */
    public static RequestRefusedException of(ErrorCode code, String subject, String detail) {
        return of(code, subject, Phrase.of(detail));
    }

    /** Creates a refusal with a detail that has arguments, for an error code whose message has a placeholder. */
    public static RequestRefusedException of(ErrorCode code, String subject, Phrase detail) {
        return new RequestRefusedException(code, subject, detail);
    }

    /**
     * Creates the refusal of a parameter with a bad value.
     *
     * @param value value as the client sent it; null if the parameter is missing
     * @param rule what the value must be, such as {@code a whole number from 1 to 100}
     */
    public static RequestRefusedException parameter(String name, @Nullable String value, String rule) {
        return fields(List.of(FieldProblem.of(name, value, rule)));
    }

    /** Creates the refusal of a parameter with a bad value, by a rule that has arguments. */
    public static RequestRefusedException parameter(String name, @Nullable String value, Phrase rule) {
        return fields(List.of(FieldProblem.of(name, value, rule)));
    }

    /** Creates one refusal for all fields that have problems; the list must not be empty. */
    public static RequestRefusedException fields(List<FieldProblem> problems) {
        return fields(ErrorCode.INVALID_PARAMETER, problems);
    }

    /**
     * Creates one refusal for all fields that have problems; the list must not be empty.
     *
     * @param code error code whose message has a placeholder for the first field
     */
    public static RequestRefusedException fields(ErrorCode code, List<FieldProblem> problems) {
        String first = problems.getFirst().field();
        return new RequestRefusedException(
                code,
                problems.size() == 1 ? first : first + " and " + (problems.size() - 1) + " more",
                Phrase.of(problems.stream().map(FieldProblem::sentence).collect(Collectors.joining(" "))),
                problems,
                code.retryAfterSeconds());
    }

    /**
     * Creates the refusal of a request to create another object, because there are as many as are allowed.
     *
     * @param rule the limit and where it comes from, as a sentence with the placeholder <code>{0}</code>
     * @param maximum how many are allowed
     */
    public static RequestRefusedException quota(String rule, int maximum) {
        return of(
                ErrorCode.QUOTA_REACHED,
                Phrase.of("{0} Remove one that is no longer needed first.", Phrase.of(rule, maximum)));
    }

    /**
     * Creates the refusal of a caller without a permission.
     *
     * @param action IAM name of the action that the request needs, such as {@code dcs:instance:get}
     */
    public static RequestRefusedException action(String action) {
        return new RequestRefusedException(ErrorCode.ACTION_DENIED, action, /* detail= */ null);
    }

    /** Returns the text that replaces the placeholder in the code's message, such as an action; may be empty. */
    public String subject() {
        return subject;
    }

    /** Returns the error code. */
    public ErrorCode code() {
        return code;
    }

    /**
     * Returns the time in seconds after which clients may repeat the request, as the header {@code Retry-After} says;
     * null if a repetition would not help.
     */
    public @Nullable Integer retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /**
     * Returns the message of the error code in plain words, with its placeholder filled. {@link #getMessage} returns
     * the vendor's message, followed by the detail.
     */
    public String codeMessage() {
        return code.plainMessage(subject);
    }

    /** Returns the message that {@link #codeMessage} returns, as a phrase. */
    public Phrase codePhrase() {
        return code.plainPhrase(subject);
    }

    /** Returns all fields with problems; empty if the refusal is not about fields. */
    public List<FieldProblem> problems() {
        return problems;
    }

    /** Returns the detail of this refusal; null if there is none. */
    public @Nullable String detail() {
        return detail == null ? null : detail.text();
    }

    /**
     * Returns the detail of this refusal as a phrase; null if there is none. If the refusal is about fields, {@link
     * #problems} has the phrases instead.
     */
    public @Nullable Phrase detailPhrase() {
        return detail;
    }
}
