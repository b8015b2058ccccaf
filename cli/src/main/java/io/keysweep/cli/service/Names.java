package io.keysweep.cli.service;

import io.keysweep.api.InstanceView;
import io.keysweep.api.ProjectView;
import io.keysweep.api.ScanView;
import io.keysweep.api.WebhookView;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.cli.shell.ExitCode;
import io.keysweep.engine.text.ForeignText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds the ids of instances, projects, webhooks, scans and requests for approval that the user names on the command
 * line.
 *
 * <p>Instances and projects are found by their names, and webhooks by their URLs. The name of an instance also stands
 * for its newest scan, and for its open request for approval. A text that has the form of an id is taken as an id, and
 * the service is not asked, so the id may not exist. A method that finds nothing with the name, or several, throws a
 * {@link CommandFailure}.
 */
final class Names {

    private static final Pattern ID = Pattern.compile(
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}");

    private final ServiceClient client;

    Names(ServiceClient client) {
        this.client = client;
    }

    /** Returns whether a text has the form of an id: a UUID or 32 hex characters. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Returns the id of the instance that has this id or name. */
    String instance(String nameOrId) throws InterruptedException {
        return isId(nameOrId)
                ? nameOrId
                : only(nameOrId, "instance", "instances", new InstanceCalls(client).list(), InstanceView::name)
                        .id();
    }

    /** Returns the id of the project that has this id or name. */
    String project(String nameOrId) throws InterruptedException {
        return isId(nameOrId)
                ? nameOrId
                : only(nameOrId, "project", "projects", new ProjectCalls(client).list(), ProjectView::name)
                        .id();
    }

    /** Returns the id of the webhook that has this id or URL. */
    String webhook(String urlOrId) throws InterruptedException {
        return isId(urlOrId)
                ? urlOrId
                : only(urlOrId, "webhook", "webhooks", new WebhookCalls(client).list(), WebhookView::url)
                        .id();
    }

    /** Returns the id of the scan that has this id, or of the newest scan of the instance that has this name. */
    String scan(String idOrInstance) throws InterruptedException {
        if (isId(idOrInstance)) {
            return idOrInstance;
        }
        String instanceId = instance(idOrInstance);
        List<ScanView> newest = new ScanCalls(client)
                .page(new LinkedHashMap<>(Map.of("limit", "1", "instanceId", instanceId)))
                .scans();
        if (newest.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    "instance '" + ForeignText.line(idOrInstance)
                            + "' has no scans: create one with 'keysweep scans create'");
        }
        return newest.getFirst().id();
    }

    /** Returns the id of the request for approval that has this id, or of the open one of the instance of this name. */
    String approval(String idOrInstance) throws InterruptedException {
        if (isId(idOrInstance)) {
            return idOrInstance;
        }
        String instanceId = instance(idOrInstance);
        // An instance has at most one open request.
        return new ScanCalls(client)
                .approvals().stream()
                        .filter(approval -> approval.instanceId().equals(instanceId)
                                && approval.state().equals("pending"))
                        .findFirst()
                        .orElseThrow(() -> new CommandFailure(
                                ExitCode.USAGE,
                                "no scan of instance '" + ForeignText.line(idOrInstance) + "' waits for approval"))
                        .id();
    }

    /**
     * Returns the id of the instance that has this name, or else the text itself, which can be the id or the kind of
     * anything. An access key that may not list instances must give ids.
     */
    String resource(String text) throws InterruptedException {
        return isId(text)
                ? text
                : namesOfInstances().entrySet().stream()
                        .filter(instance -> instance.getValue().equals(text))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(text);
    }

    /** Returns the names of instances by their ids; none if the access key is not allowed to list instances. */
    Map<String, String> namesOfInstances() throws InterruptedException {
        try {
            return new InstanceCalls(client)
                    .list().stream().collect(Collectors.toMap(InstanceView::id, InstanceView::name));
        } catch (CommandFailure e) {
            // What the caller shows is useful without the names.
            return Map.of();
        }
    }

    /**
     * Returns the only element with a name.
     *
     * @param type word for an element in messages, such as {@code project}
     * @param command plural of the type, which is also the name of the command that lists the elements
     * @throws CommandFailure if there is no such element or several
     */
    private static <T> T only(String name, String type, String command, List<T> all, Function<T, String> nameOf) {
        List<T> matches =
                all.stream().filter(entry -> nameOf.apply(entry).equals(name)).toList();
        if (matches.size() == 1) {
            return matches.getFirst();
        }
        throw new CommandFailure(
                ExitCode.USAGE,
                matches.isEmpty()
                        ? "there is no " + type + " '" + ForeignText.line(name) + "': 'keysweep " + command
                                + " list' lists all " + command
                        : "there are " + matches.size() + " " + command + " with the name '" + ForeignText.line(name)
                                + "': give the id of one, which 'keysweep " + command + " list' shows");
    }
}
