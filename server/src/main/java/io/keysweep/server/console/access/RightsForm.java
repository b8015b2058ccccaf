package io.keysweep.server.console.access;

import io.keysweep.api.AccessPolicyView;
import io.keysweep.server.console.page.TagsForm;
import io.keysweep.server.error.RequestRefusedException;
import io.keysweep.server.instance.InstanceId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.MultiValueMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Converts forms about the rights of access keys and users, and the statements of access policies, to documents of the
 * native API and back.
 */
final class RightsForm {

    /** Number of empty rows that the form of a policy shows after its statements. */
    private static final int EMPTY_ROWS = 2;

    /** Number of rows that are read from a form. The API allows fewer, so it refuses a form with too many. */
    private static final int MAX_ROWS = 60;

    /** A moment in UTC as users write it, such as {@code 2026-11-26 02:00}. */
    private static final Pattern MOMENT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?( UTC)?");

    private RightsForm() {}

    /**
     * Contains a statement of an access policy as the texts of a row of the form.
     *
     * @param effect {@code allow} or {@code deny}
     * @param actions names of actions, separated by commas
     * @param instances names or ids of instances, separated by commas; empty for all
     * @param tags tags as {@code key=value}, separated by commas; empty for all
     */
    record StatementRow(String effect, String actions, String instances, String tags) {

        boolean isEmpty() {
            return (actions + instances + tags).isBlank();
        }
    }

    /**
     * Reads the policies of an access key or a user, and the instances that the key or user is limited to. If the form
     * has the field, also reads when the key expires.
     *
     * @param isPatch whether an empty field removes a value, as in a change; otherwise the document leaves it out
     * @param names the instances whose names the form can contain
     */
    static ObjectNode rights(MultiValueMap<String, String> form, boolean isPatch, InstanceNames names) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode policies = body.putArray("policies");
        form.getOrDefault("policies", List.of()).forEach(policies::add);
        String instances = text(form, "instances");
        String tags = text(form, "tags");
        if (!instances.isEmpty()) {
            ArrayNode ids = body.putArray("instances");
            readIds(instances, names, "instances").forEach(ids::add);
        }
        if (!tags.isEmpty()) {
            ObjectNode node = body.putObject("tags");
            TagsForm.parse(tags).forEach(node::put);
        }
        if (isPatch && instances.isEmpty() && tags.isEmpty()) {
            body.putNull("instances");
        }
        if (form.containsKey("expiresAt")) {
            String end = text(form, "expiresAt");
            if (!end.isEmpty()) {
                body.put("expiresAt", apiMoment(end));
            } else if (isPatch) {
                body.putNull("expiresAt");
            }
        }
        return body;
    }

    /**
     * Returns a moment in the form of the API; any other text is not changed, so that the API refuses it with its
     * message.
     */
    private static String apiMoment(String text) {
        if (!MOMENT.matcher(text).matches()) {
            return text;
        }
        String moment = text.replace(" UTC", "").replace(' ', 'T');
        return moment + (moment.length() == "yyyy-MM-ddTHH:mm".length() ? ":00Z" : "Z");
    }

    /** Reads the statements of the rows of a form. */
    static List<StatementRow> rows(MultiValueMap<String, String> form) {
        List<StatementRow> rows = new ArrayList<>();
        for (int i = 0; i < MAX_ROWS && form.containsKey("effect-" + i); i++) {
            StatementRow row = new StatementRow(
                    text(form, "effect-" + i),
                    text(form, "actions-" + i),
                    text(form, "instances-" + i),
                    text(form, "tags-" + i));
            if (!row.isEmpty()) {
                rows.add(row);
            }
        }
        return rows;
    }

    /** Returns the statements of a policy as rows, with names instead of the ids of instances. */
    static List<StatementRow> rows(AccessPolicyView policy, InstanceNames names) {
        return policy.statements().stream()
                .map(statement -> new StatementRow(
                        statement.effect(),
                        String.join(", ", statement.actions()),
                        names.field(statement.instances()),
                        TagsForm.text(statement.tags())))
                .toList();
    }

    /** Returns rows, followed by {@value #EMPTY_ROWS} empty rows. */
    static List<StatementRow> withEmptyRows(List<StatementRow> rows) {
        return Stream.concat(
                        rows.stream(),
                        Stream.generate(() -> new StatementRow("allow", "", "", ""))
                                .limit(EMPTY_ROWS))
                .toList();
    }

    /** Returns the document of a policy with the statements of rows, in which names of instances become ids. */
    static ObjectNode policy(List<StatementRow> rows, InstanceNames names) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode statements = body.putArray("statements");
        for (StatementRow row : rows) {
            ObjectNode statement = statements.addObject().put("effect", row.effect());
            ArrayNode actions = statement.putArray("actions");
            parts(row.actions()).forEach(actions::add);
            if (!row.instances().isEmpty()) {
                ArrayNode ids = statement.putArray("instances");
                readIds(row.instances(), names, "statements[" + (statements.size() - 1) + "].instances")
                        .forEach(ids::add);
            }
            if (!row.tags().isEmpty()) {
                ObjectNode tags = statement.putObject("tags");
                TagsForm.parse(row.tags()).forEach(tags::put);
            }
        }
        return body;
    }

    /** Returns the ids of a field with names or ids; refuses a text that is neither. */
    private static Set<String> readIds(String text, InstanceNames names, String field) {
        Set<String> ids = names.idsOf(text);
        for (String id : ids) {
            if (InstanceId.parse(id).isEmpty()) {
                throw RequestRefusedException.parameter(field, id, "the name or the id of an instance");
            }
        }
        return ids;
    }

    /** Returns the parts of a text that commas, spaces or line breaks separate, without repetitions. */
    static Set<String> parts(String text) {
        return Pattern.compile("[,\\s]+")
                .splitAsStream(text)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String text(MultiValueMap<String, String> form, String name) {
        String text = form.getFirst(name);
        return text == null ? "" : text.strip();
    }
}
