package io.keysweep.cli.service;

import io.keysweep.api.text.Amounts;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Formats a policy as the text that subcommands such as {@code keysweep windows get} print.
 *
 * <p>A policy is a document of a project or an instance that limits its scans: windows (when they may run), a budget
 * (how many may run at the same time), ceilings (values of the pace that no scan may exceed without approval) and
 * others.
 *
 * <p>These methods are not part of the command class, because picocli loads the types of all methods of a command. The
 * help of a command would then load the JSON classes and become slow.
 */
final class PolicyText {

    private PolicyText() {}

    /**
     * Writes the whole answer of the service in the form that the user has named, such as {@code -o json}.
     *
     * @param type type of the policy, which decides the columns of a table
     * @param ownerName the instance or project whose policy it is, for {@code -o name}
     * @param ownerId id of the instance or project, for {@code -o id}
     */
    static void write(
            CommandContext context,
            PolicyType type,
            JsonNode policy,
            String ownerName,
            String ownerId,
            EntryOutput output) {
        Table<JsonNode> table = Table.of("There is no policy.", row -> ownerName, row -> ownerId);
        type.columns().forEach(field -> table.column(header(field), row -> text(row, field)));
        output.writeOne(
                context,
                policy,
                table.column("DOCUMENT", row -> row.path("document").toString()));
    }

    /** Returns the name of a field as the header of a column: {@code NEXT CHANGE} for {@code nextChange}. */
    private static String header(String field) {
        return field.replaceAll("(?=[A-Z])", " ").toUpperCase(Locale.ROOT);
    }

    /**
     * Returns an answer of the service that is a policy, and refuses any other. Only a proxy answers without a version.
     *
     * @throws CommandFailure if the answer is not a policy
     */
    static JsonNode requirePolicy(ServiceClient client, JsonNode answer) {
        if (!answer.has("version")) {
            throw new CommandFailure(ExitCode.UNREACHABLE, client.notFromKeysweep());
        }
        return answer;
    }

    private static @Nullable String text(JsonNode policy, String field) {
        JsonNode value = policy.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asString(value.toString());
    }

    /**
     * Returns sentences about the policy and its current effect, for example {@code Set for the project
     * by AK at 2026-01-01T00:00:00Z. Sweeps may run now. Version 3.} In an answer about ceilings, each ceiling in
     * force follows with its owner.
     */
    static String summary(PolicyType type, JsonNode policy) {
        List<String> sentences = new ArrayList<>();
        sentences.add(origin(type, policy));
        if (policy.has("open")) {
            String change = text(policy, "nextChange");
            sentences.add("Sweeps may " + (policy.path("open").asBoolean() ? "" : "not ") + "run now"
                    + (change == null ? "" : ", until " + change) + ".");
        }
        if (policy.has("running")) {
            long waiting = policy.path("waiting").asLong();
            sentences.add(Amounts.count(policy.path("running").asLong(), "sweep") + " running, "
                    + Amounts.count(waiting) + " waiting.");
        }
        List<String> inForce = new ArrayList<>();
        for (JsonNode ceiling : policy.path("inForce")) {
            inForce.add(ceiling.path("field").asString("") + " "
                    + ceiling.path("value").asString("") + " ("
                    + ceiling.path("owner").asString("") + ")");
        }
        if (!inForce.isEmpty()) {
            sentences.add("In force: " + String.join(", ", inForce) + ".");
        }
        sentences.add("Version " + text(policy, "version") + ".");
        return String.join(" ", sentences);
    }

    /** Returns the sentence that says for whom the policy that applies was set, and by whom; or that none is set. */
    private static String origin(PolicyType type, JsonNode policy) {
        String setBy = text(policy, "setBy");
        if (setBy == null) {
            return type.noneSet();
        }
        // Answers about budgets and ceilings have no source, because each is of the owner that the user has named.
        String source = text(policy, "source");
        String setAt = text(policy, "setAt");
        return "Set" + (source == null ? "" : " for the " + source) + " by " + setBy
                + (setAt == null ? "" : " at " + setAt) + ".";
    }

    /**
     * Returns the document alone, in the form that {@code set} reads. Returns <code>{}</code> if the answer has no
     * document.
     */
    static String document(JsonNode policy) {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode document = policy.path("document");
        return mapper.writerWithDefaultPrettyPrinter()
                .writeValueAsString(document.isMissingNode() ? mapper.createObjectNode() : document);
    }
}
