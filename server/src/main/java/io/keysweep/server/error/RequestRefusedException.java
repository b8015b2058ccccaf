package io.keysweep.server.error;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request is refused; becomes the answer that {@link ErrorCode} gives for it. */
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

    /** Refuses with the table's message alone. */
    public static RequestRefusedException of(ErrorCode code) {
        return new RequestRefusedException(code, "", null);
    }

    /** Refuses and says more: the value, the rule, or what to do next. */
    public static RequestRefusedException of(ErrorCode code, String detail) {
        return new RequestRefusedException(code, "", detail);
    }

    /** Refuses what the table's message names as {@code subject}, and says more. */
    public static RequestRefusedException of(ErrorCode code, String subject, String detail) {
        return new RequestRefusedException(code, subject, detail);
    }

    /** Refuses a parameter, naming it, its value and the rule. */
    public static RequestRefusedException parameter(String name, @Nullable String value, String rule) {
        return fields(List.of(FieldProblem.of(name, value, rule)));
    }

    /** Refuses all fields that are wrong at once; one at least. */
    public static RequestRefusedException fields(List<FieldProblem> problems) {
        String first = problems.getFirst().field();
        return new RequestRefusedException(
                ErrorCode.INVALID_PARAMETER,
                problems.size() == 1 ? first : first + " and " + (problems.size() - 1) + " more",
                problems.stream().map(FieldProblem::sentence).collect(Collectors.joining(" ")),
                problems);
    }

    /** Refuses an action that the caller's policy lacks. */
    public static RequestRefusedException action(String action) {
        return new RequestRefusedException(ErrorCode.ACTION_DENIED, action, null);
    }

    /** What the row's message names, such as an action; may be empty. */
    public String subject() {
        return subject;
    }

    /** Which row of the table. */
    public ErrorCode code() {
        return code;
    }

    /** The row's message, filled. */
    public String codeMessage() {
        return code.message(subject);
    }

    /** The fields that are wrong, where it is known which; all of them. */
    public List<FieldProblem> problems() {
        return problems;
    }

    /** More for the reader, or null. */
    public @Nullable String detail() {
        return detail;
    }
}
