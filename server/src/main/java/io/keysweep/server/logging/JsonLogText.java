package io.keysweep.server.logging;

import io.keysweep.engine.text.ForeignText;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonWriter.MemberPath;
import org.springframework.boot.json.JsonWriter.Members;
import org.springframework.boot.json.JsonWriter.ValueProcessor;
import org.springframework.boot.logging.structured.StructuredLoggingJsonMembersCustomizer;

/**
 * Escapes text from elsewhere in JSON log lines as in text lines; {@code LogFormat} makes it the customizer.
 *
 * <p>JSON itself escapes line breaks, so no text can forge a line of the log. But a reader that decodes the JSON would
 * show them, and the characters that control a terminal.
 */
public final class JsonLogText implements StructuredLoggingJsonMembersCustomizer<Object> {

    /** Fields that have several lines by themselves, in the three formats. */
    private static final Set<String> FIELDS_OF_LINES = Set.of("stack_trace", "full_message", "_error_stack_trace");

    /** Called by Spring Boot. */
    public JsonLogText() {}

    @Override
    public void customize(Members<Object> members) {
        ValueProcessor<String> processor = JsonLogText::escaped;
        members.applyingValueProcessor(processor.whenInstanceOf(String.class));
    }

    private static @Nullable String escaped(MemberPath path, @Nullable String value) {
        if (value == null) {
            return null;
        }
        String name = path.name();
        // An element of an array, such as a tag, has no name.
        return name != null && FIELDS_OF_LINES.contains(name) ? ForeignText.lines(value) : ForeignText.line(value);
    }
}
