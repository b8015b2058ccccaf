package io.keysweep.server.error;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reports that the service refuses a request; {@link ErrorAdvice} turns this exception into an error response. */
public final class RequestRefusedException extends RuntimeException {

    private final ErrorCode code;
    private final String subject;
    private final @Nullable String detail;
    private final transient List<FieldProblem> problems;

    private RequestRefusedException(ErrorCode code, String subject, @Nullable String detail) {
        this(code, subject, detail, List.of());
    }

    private RequestRefusedException(
            ErrorCode code, String subject, @Nullable String detail, List<FieldProblem> problems) {
        super(code.message(subject) + (detail == null ? "" : " " + detail));
        this.code = code;
        this.subject = subject;
        this.detail = detail;
        this.problems = List.copyOf(problems);
    }

    /** Creates a refusal with the message of the error code alone. */
    public static RequestRefusedException of(ErrorCode code) {
        return new RequestRefusedException(code, "", null);
    }

    /** Creates a refusal with a detail, such as the refused value, the rule, or what to do next. */
    public static RequestRefusedException of(ErrorCode code, String detail) {
        return new RequestRefusedException(code, "", detail);
    }

    /** Creates a refusal with a detail; {@code subject} replaces the placeholder in the message of the error code. */
    public static RequestRefusedException of(ErrorCode code, String subject, String detail) {
        return new RequestRefusedException(code, subject, detail);
    }

    /** Creates the refusal of a parameter with a bad value; {@code value} is null if the parameter is missing. */
    public static RequestRefusedException parameter(String name, @Nullable String value, String rule) {
        return fields(List.of(FieldProblem.of(name, value, rule)));
    }

    /** Creates one refusal for all fields that have problems; the list must not be empty. */
    public static RequestRefusedException fields(List<FieldProblem> problems) {
        String first = problems.getFirst().field();
        return new RequestRefusedException(
                ErrorCode.INVALID_PARAMETER,
                problems.size() == 1 ? first : first + " and " + (problems.size() - 1) + " more",
                problems.stream().map(FieldProblem::sentence).collect(Collectors.joining(" ")),
                problems);
    }

    /** Creates the refusal of a request that needs an action, by its IAM name, that the caller does not have. */
    public static RequestRefusedException action(String action) {
        return new RequestRefusedException(ErrorCode.ACTION_DENIED, action, null);
    }

    /** Returns the text that replaces the placeholder in the code's message, such as an action; may be empty. */
    public String subject() {
        return subject;
    }

    /** Returns the error code. */
    public ErrorCode code() {
        return code;
    }

    /** Returns the message of the error code in plain words, with its placeholder filled. */
    public String codeMessage() {
        return code.plainMessage(subject);
    }

    /** Returns all fields with problems; empty if the refusal is not about fields. */
    public List<FieldProblem> problems() {
        return problems;
    }

    /** Returns the detail of this refusal; null if there is none. */
    public @Nullable String detail() {
        return detail;
    }
}
