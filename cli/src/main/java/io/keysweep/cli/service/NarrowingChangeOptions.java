package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExclusiveOptions;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Defines the options that change to which instances an existing access key or user is restricted. */
final class NarrowingChangeOptions {

    @Option(names = "--all-instances", description = "allow access to all instances of the project again")
    private boolean allInstances;

    @Mixin
    private NarrowingOptions narrowing = new NarrowingOptions();

    /**
     * Puts the JSON fields that these options change. Asks the service for the ids of named instances.
     *
     * @throws io.keysweep.cli.shell.CommandFailure if the options contradict each other, or if the user has given an
     *     instance that does not exist
     */
    void putInto(Map<String, @Nullable Object> change, ServiceClient client) throws InterruptedException {
        List<String> instances = narrowing.instanceIds(client);
        Map<String, String> tags = narrowing.tags();
        ExclusiveOptions.refuseBoth("--all-instances", allInstances, "--instance", instances != null);
        ExclusiveOptions.refuseBoth("--all-instances", allInstances, "--tag", tags != null);
        if (instances != null || allInstances) {
            change.put("instances", instances);
        }
        if (tags != null) {
            change.put("tags", tags);
        }
    }
}
