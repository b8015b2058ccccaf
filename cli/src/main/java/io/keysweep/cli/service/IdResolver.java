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
import org.jspecify.annotations.Nullable;

/**
 * Finds the ids of instances, projects, webhooks, scans and requests for approval that the user names on the command
 * line.
 *
 * <p>Instances and projects are found by their names, and webhooks by their URLs. The name of an instance also stands
 * for its newest scan, and for its open request for approval. A text that has the form of an id is taken as an id
 * without asking the service, so that id may not exist. If several things have the name, or none has it, each
 * method except {@link #resourceId} throws a {@link CommandFailure}.
 */
final class IdResolver {

    private static final Pattern ID = Pattern.compile(
            "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}");

    private final ServiceClient client;

    IdResolver(ServiceClient client) {
        this.client = client;
    }

    /** Returns whether a text has the form of an id: a UUID or 32 hex characters. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Returns the id of the instance that has this id or name. */
    String instanceId(String nameOrId) throws InterruptedException {
        return isId(nameOrId)
                ? nameOrId
                : requireOnly(nameOrId, "instance", "instances", new InstanceCalls(client).list(), InstanceView::name)
                        .id();
    }

    /** Returns the id of the project that has this id or name. */
    String projectId(String nameOrId) throws InterruptedException {
        return isId(nameOrId)
                ? nameOrId
                : requireOnly(nameOrId, "project", "projects", new ProjectCalls(client).list(), ProjectView::name)
                        .id();
    }

    /** Returns the id of the webhook that has this id or URL. */
    String webhookId(String urlOrId) throws InterruptedException {
        return isId(urlOrId)
                ? urlOrId
                : requireOnly(urlOrId, "webhook", "webhooks", new WebhookCalls(client).list(), WebhookView::url)
                        .id();
    }

    /** Returns the id of the scan that has this id, or of the newest scan of the instance that has this name. */
    String scanId(String idOrInstance) throws InterruptedException {
        if (isId(idOrInstance)) {
            return idOrInstance;
        }
        String instanceId = instanceId(idOrInstance);
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

    /**
     * Returns the id of the request for approval that has this id, or of the open request of the instance with this
     * name.
     */
    String approvalId(String idOrInstance) throws InterruptedException {
        if (isId(idOrInstance)) {
            return idOrInstance;
        }
        String instanceId = instanceId(idOrInstance);
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
     * Returns the id of the instance with this name. Any other text is returned as it is: it can be an id, or a kind of
     * resource such as {@code webhook}. Names need the permission to list instances.
     */
    String resourceId(String text) throws InterruptedException {
        return isId(text)
                ? text
                : instanceNames().entrySet().stream()
                        .filter(instance -> instance.getValue().equals(text))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(text);
    }

    /** Returns the names of instances by their ids; none if the access key is not allowed to list instances. */
    Map<String, String> instanceNames() throws InterruptedException {
        try {
            return new InstanceCalls(client)
                    .list().stream().collect(Collectors.toMap(InstanceView::id, InstanceView::name));
        } catch (CommandFailure e) {
            // The output of the caller is also useful without the names.
            return Map.of();
        }
    }

    /** Returns the names of projects by their ids; none if the access key is not allowed to list projects. */
    Map<String, String> projectNames() throws InterruptedException {
        try {
            return new ProjectCalls(client)
                    .list().stream().collect(Collectors.toMap(ProjectView::id, ProjectView::name));
        } catch (CommandFailure e) {
            // The output of the caller is also useful without the names.
            return Map.of();
        }
    }

    /**
     * Returns the end of a line about rights, which says on which instances they are.
     *
     * @param ids ids of the instances; null for all instances
     * @param names names of instances by their ids; an id without a name is shown as it is
     */
    static String onInstances(@Nullable List<String> ids, Map<String, String> names) {
        return ids == null
                ? ""
                : " on " + ids.stream().map(id -> names.getOrDefault(id, id)).collect(Collectors.joining(" "));
    }

    /**
     * Returns the only element with a name.
     *
     * @param type word for an element in messages, such as {@code project}
     * @param command plural of the type, which is also the name of the command that lists the elements
     * @throws CommandFailure if there is no such element or several
     */
    private static <T> T requireOnly(
            String name, String type, String command, List<T> elements, Function<T, String> nameOf) {
        List<T> matches = elements.stream()
                .filter(element -> nameOf.apply(element).equals(name))
                .toList();
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
