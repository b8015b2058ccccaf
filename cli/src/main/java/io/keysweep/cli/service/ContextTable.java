package io.keysweep.cli.service;

import io.keysweep.cli.contexts.ContextFile;
import io.keysweep.cli.contexts.SavedContexts;
import io.keysweep.cli.output.Table;
import io.keysweep.cli.shell.CommandContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Defines the table of {@code keysweep context list}: all contexts, and the service on this machine. A context is a
 * service with an access key, saved under a name.
 */
final class ContextTable {

    static final Table<ContextRow> CONTEXTS = Table.of(
                    "There are no contexts.", /* name= */ ContextRow::name, /* id= */ ContextRow::name)
            .column("CURRENT", entry -> entry.current() ? "*" : "")
            .column("NAME", ContextRow::name)
            .column("ENDPOINT", ContextRow::endpoint)
            .column("ACCESS KEY", ContextRow::accessKey)
            .wide("PROJECT ID", ContextRow::projectId);

    /**
     * Holds a row of the table: a context without its secret.
     *
     * @param name name of the context; {@code local} for the service on this machine
     * @param current whether commands use this context by default, that is, without {@code --context}
     * @param endpoint URL of the service; null if no service runs on this machine
     * @param projectId project of the access key; null for the service on this machine
     * @param accessKey access key id; null for the service on this machine
     */
    record ContextRow(
            String name,
            boolean current,
            @Nullable String endpoint,
            @Nullable String projectId,
            @Nullable String accessKey) {}

    private ContextTable() {}

    /** Returns the service on this machine first, and then all saved contexts. Calls no service. */
    static List<ContextRow> entries(CommandContext context) {
        SavedContexts savedContexts = ContextFile.of(context).read();
        String variable = context.variable(ContextCommand.VARIABLE);
        String chosenName = variable == null ? savedContexts.current() : variable;
        String current = chosenName == null ? ContextCommand.LOCAL : chosenName;
        List<ContextRow> entries = new ArrayList<>();
        entries.add(new ContextRow(
                ContextCommand.LOCAL,
                ContextCommand.LOCAL.equals(current),
                new ServiceHome(context.keysweepHome()).endpoint(),
                /* projectId= */ null,
                /* accessKey= */ null));
        savedContexts
                .contexts()
                .forEach(savedContext -> entries.add(new ContextRow(
                        savedContext.name(),
                        savedContext.name().equals(current),
                        savedContext.endpoint(),
                        savedContext.projectId(),
                        savedContext.accessKey())));
        return entries;
    }
}
