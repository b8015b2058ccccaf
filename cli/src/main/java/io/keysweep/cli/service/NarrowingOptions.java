package io.keysweep.cli.service;

import io.keysweep.cli.shell.ExclusiveOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Defines the options that restrict an access key or user to some instances, by name or by tag. */
final class NarrowingOptions {

    @Option(
            names = "--instance",
            paramLabel = "INSTANCE",
            split = ",",
            description = "allow access to this instance only (name or id). Separate several with commas")
    private @Nullable List<String> instances;

    @Option(
            names = "--tag",
            paramLabel = "KEY=VALUE",
            description = "allow access to instances with this tag only. Give the option once for each tag")
    private @Nullable Map<String, String> tags;

    /**
     * Returns the ids of the instances; null if the user has named none. Asks the service for the ids of names.
     *
     * @throws io.keysweep.cli.shell.CommandFailure if the user has also given tags, or an instance that does not exist
     */
    @Nullable List<String> instanceIds(ServiceClient client) throws InterruptedException {
        ExclusiveOptions.refuseBoth("--instance", instances != null, "--tag", tags != null);
        if (instances == null) {
            return null;
        }
        IdResolver resolver = new IdResolver(client);
        List<String> ids = new ArrayList<>();
        for (String instance : instances) {
            ids.add(resolver.instanceId(instance));
        }
        return ids;
    }

    /** Returns the tags; null if the user has given none. */
    @Nullable Map<String, String> tags() {
        return tags;
    }
}
