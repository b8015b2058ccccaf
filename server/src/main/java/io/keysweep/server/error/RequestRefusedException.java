package io.keysweep.server.error;

import org.jspecify.annotations.Nullable;

/** A request is refused; becomes the answer that {@link ErrorCode} gives for it. */
public final class RequestRefusedException extends RuntimeException {

    private final ErrorCode code;
    private final String subject;
    private final @Nullable String detail;

    private RequestRefusedException(ErrorCode code, String subject, @Nullable String detail) {
        super(code.message(subject) + (detail == null ? "" : " " + detail));
        this.code = code;
        this.subject = subject;
        this.detail = detail;
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
        return new RequestRefusedException(
                ErrorCode.INVALID_PARAMETER, name, name + " is " + quoted(value) + ", must be " + rule + ".");
    }

    /** Refuses an action that the caller's policy lacks. */
    public static RequestRefusedException action(String action) {
        return new RequestRefusedException(ErrorCode.ACTION_DENIED, action, null);
    }

    private static String quoted(@Nullable String value) {
        if (value == null) {
            return "missing";
        }
        return "'" + (value.length() > 80 ? value.substring(0, 80) + "…" : value) + "'";
    }

    /** What the row's message names, such as a parameter; may be empty. */
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

    /** More for the reader, or null. */
    public @Nullable String detail() {
        return detail;
    }
}
