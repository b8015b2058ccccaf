package io.keysweep.server.logging;

import io.keysweep.engine.text.ForeignText;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter.MemberPath;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.json.JsonWriter.ValueProcessor;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Escapes line breaks and control characters in the fields of JSON log lines. Thread-safe.
 *
 * <p>A field can contain text from elsewhere, for example the reply of a server. The JSON encoder already escapes such
 * characters, so no text can forge a line of the log. But a program that decodes the JSON and prints the text would
 * send them to a terminal. Therefore this class escapes them before the encoder does, as {@link LogMessage} does in
 * text lines. {@code LogFormat} registers this class with Spring Boot if the log is JSON.
 */
public final class JsonLogEscaper implements StructuredLoggingJsonMembersCustomizer<Object> {

    /**
     * The names of the fields for stack traces in the three formats Elastic Common Schema, GELF and Logstash. Line
     * breaks in these fields are not escaped, because a stack trace has several lines.
     */
    private static final Set<String> STACK_TRACE_FIELDS = Set.of("stack_trace", "full_message", "_error_stack_trace");

    /** Creates the customizer; Spring Boot calls this constructor. */
    public JsonLogEscaper() {}

    @Override
    public void customize(Members<Object> members) {
        ValueProcessor<String> processor = JsonLogEscaper::escape;
        members.applyingValueProcessor(processor.whenInstanceOf(String.class));
    }

    /** Returns the value of a field with its unprintable characters escaped; null for null. */
    private static @Nullable String escape(MemberPath path, @Nullable String value) {
        if (value == null) {
            return null;
        }
        String name = path.name();
        // ForeignText.line escapes all line breaks, and ForeignText.lines keeps them. An element of an array, such as a
        // tag, has no name.
        return name != null && STACK_TRACE_FIELDS.contains(name) ? ForeignText.lines(value) : ForeignText.line(value);
    }
}
