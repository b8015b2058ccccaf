package io.keysweep.cli.service;

import io.keysweep.api.InstanceView;
import io.keysweep.cli.output.EntryOutput;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.CredentialOptions;
import io.keysweep.cli.shell.ExclusiveOptions;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.cli.shell.TlsOptions;
import io.keysweep.cli.shell.TopologyOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code keysweep instances update}, which changes single settings of an instance. */
@Command(
        name = "update",
        description = {
            "Changes the settings of an instance. Settings that you do not give stay as they are.",
            "With a new URI, node map or CA, give the password again, because another server could receive the stored"
                    + " one.",
            "While a scan waits or runs, neither URI nor node map can be changed. Other settings apply from the next"
                    + " connection on."
        })
final class InstancesUpdateCommand extends ServiceCommand {

    private static final String TAGS = "tags";

    /** The JSON fields that each value of {@code --without} removes. */
    private static final Map<String, List<String>> REMOVABLE_FIELDS = Map.of(
            "credentials",
            List.of("username", "password"),
            "sentinel-credentials",
            List.of("sentinelUsername", "sentinelPassword"),
            "node-map",
            List.of("nodeMap"),
            TAGS,
            List.of(TAGS),
            "assist",
            List.of("assist"),
            "tls-ca",
            List.of("tlsCa"),
            "tls-cert",
            List.of("tlsCertificate", "tlsKey"));

    @Mixin
    private InstanceArgument instance = new InstanceArgument();

    @Option(names = "--name", paramLabel = "NAME", description = "new name, 1 to 64 characters")
    private @Nullable String name;

    @Option(names = "--uri", paramLabel = "URI", description = "new URI: redis://HOST[:PORT], or rediss:// for TLS")
    private @Nullable String uri;

    @Mixin
    private CredentialOptions credentials = new CredentialOptions();

    @Mixin
    private TopologyOptions topology = new TopologyOptions();

    @Mixin
    private TlsOptions tls = new TlsOptions();

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "set a tag; the other tags stay as they are")
    private Map<String, String> tags = Map.of();

    @Option(names = "--untag", paramLabel = "KEY", description = "remove a tag")
    private List<String> untag = List.of();

    @Mixin
    private AllowAssistOption assist = new AllowAssistOption();

    @Option(
            names = "--without",
            paramLabel = "SETTING",
            split = ",",
            description =
                    "remove a setting: credentials, sentinel-credentials, node-map, tags, assist, tls-ca or tls-cert."
                            + " Separate several with commas. Settings are removed before other options set them")
    private List<String> without = List.of();

    @Option(
            names = "--if-revision",
            paramLabel = "N",
            description = "make the change only if the instance still has revision N, see 'instances list --json'")
    private @Nullable Integer revision;

    @Mixin
    private EntryOutput output = new EntryOutput();

    InstancesUpdateCommand(CommandContext context) {
        super(context);
    }

    @Override
    void run(ServiceClient client, ServiceAccess access) throws InterruptedException {
        Map<String, @Nullable Object> changes = changes();
        String id = instance.id(client);
        InstanceCalls calls = new InstanceCalls(client);
        Integer expectedRevision = revision;
        if (without.contains(TAGS) && !tags.isEmpty()) {
            InstanceView current = calls.get(id);
            changes.put(TAGS, replacedTags(current));
            // The revision makes the service refuse the change if another user has set more tags since they were read.
            // Otherwise the new tags would remain.
            expectedRevision = revision == null ? (Integer) current.revision() : revision;
        }
        output.writeOne(context(), calls.change(id, changes, expectedRevision), InstanceTable.INSTANCES);
    }

    /**
     * Returns the given tags, and null for all other current tags. The service removes a tag whose value is null, and
     * keeps a tag that a request does not name.
     */
    private Map<String, @Nullable String> replacedTags(InstanceView current) {
        Map<String, @Nullable String> tagChanges = new TreeMap<>();
        current.tags().keySet().forEach(key -> tagChanges.put(key, null));
        tagChanges.putAll(tags);
        return tagChanges;
    }

    /**
     * Returns the JSON fields to change; null removes the value of a field. An option that sets a value takes
     * precedence over {@code --without}. May ask the user for the password.
     *
     * @throws CommandFailure if the options contradict each other, are not valid, or change nothing
     */
    private Map<String, @Nullable Object> changes() {
        Map<String, @Nullable Object> fields = new HashMap<>();
        // The removals come first, so that a given value replaces the null of a field to remove.
        putRemovals(fields);
        putValues(fields);
        putTagChanges(fields);
        if (fields.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "nothing to change: give at least one setting, such as --uri; 'keysweep instances update --help'"
                            + " lists them");
        }
        return fields;
    }

    /** Puts null for each field that {@code --without} names. */
    private void putRemovals(Map<String, @Nullable Object> fields) {
        for (String setting : without) {
            List<String> fieldsToRemove = REMOVABLE_FIELDS.get(setting);
            if (fieldsToRemove == null) {
                throw new CommandFailure(
                        ExitCode.USAGE,
                        "--without is '" + setting + "', must be one of "
                                + String.join(
                                        ", ",
                                        REMOVABLE_FIELDS.keySet().stream()
                                                .sorted()
                                                .toList()));
            }
            fieldsToRemove.forEach(field -> fields.put(field, null));
        }
    }

    /** Puts the values that options set; may ask the user for the password. */
    private void putValues(Map<String, @Nullable Object> fields) {
        putIfGiven(fields, "name", name);
        putIfGiven(fields, "uri", uri);
        putIfGiven(fields, "username", credentials.username());
        putIfGiven(fields, "password", credentials.givenPassword(context()));
        putIfGiven(fields, "sentinelUsername", topology.sentinelUsername());
        putIfGiven(fields, "sentinelPassword", topology.sentinelPassword(context(), uri == null ? "" : uri));
        putIfGiven(fields, "nodeMap", topology.nodeMapText());
        putIfGiven(fields, "tlsCa", tls.caText());
        putIfGiven(fields, "tlsCertificate", tls.certificateText());
        putIfGiven(fields, "tlsKey", tls.keyText());
        if (assist.allowed() != null) {
            fields.put("assist", assist.allowed());
        }
    }

    /**
     * Puts the tags to set and to remove. With {@code --without tags} this method puts nothing: putRemovals() removes
     * all tags, and run() sets the given ones.
     */
    private void putTagChanges(Map<String, @Nullable Object> fields) {
        untag.forEach(key -> ExclusiveOptions.refuseBoth(
                "--tag " + key, tags.containsKey(key), "--untag " + key, /* isSecondGiven= */ true));
        if (!without.contains(TAGS) && (!tags.isEmpty() || !untag.isEmpty())) {
            Map<String, @Nullable String> tagChanges = new TreeMap<>(tags);
            untag.forEach(key -> tagChanges.put(key, null));
            fields.put(TAGS, tagChanges);
        }
    }

    private static void putIfGiven(Map<String, @Nullable Object> fields, String name, @Nullable String value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
