package io.keysweep.server.error;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reports that the service refuses a request; {@link ErrorAdvice} turns it into the response for its code. */
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

    /** Creates a refusal with a detail: the value, the rule, or what to do next. */
    public static RequestRefusedException of(ErrorCode code, String detail) {
        return new RequestRefusedException(code, "", detail);
    }

    /** Creates a refusal with a detail; {@code subject} replaces the placeholder in the message of the error code. */
    public static RequestRefusedException of(ErrorCode code, String subject, String detail) {
        return new RequestRefusedException(code, subject, detail);
    }

    /** Creates the refusal of a parameter with a bad value; null is a missing value. */
    public static RequestRefusedException parameter(String name, @Nullable String value, String rule) {
        return fields(List.of(FieldProblem.of(name, value, rule)));
    }

    /** Creates one refusal of all fields with problems; the list must not be empty. */
    public static RequestRefusedException fields(List<FieldProblem> problems) {
        String first = problems.getFirst().field();
        return new RequestRefusedException(
                ErrorCode.INVALID_PARAMETER,
                problems.size() == 1 ? first : first + " and " + (problems.size() - 1) + " more",
                problems.stream().map(FieldProblem::sentence).collect(Collectors.joining(" ")),
                problems);
    }

    /** Creates the refusal of an action that the caller does not have. */
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

    /** Returns the message of the error code with its placeholder filled. */
    public String codeMessage() {
        return code.message(subject);
    }

    /** Returns all fields with problems; empty if the refusal is not about fields. */
    public List<FieldProblem> problems() {
        return problems;
    }

    /** Returns the detail, or null. */
    public @Nullable String detail() {
        return detail;
    }
}
