package io.keysweep.cli.service;

import io.keysweep.api.AccessKeyView;
import io.keysweep.api.ProjectCreated;
import io.keysweep.api.ProjectView;
import io.keysweep.cli.output.Table;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Describes the tables of projects and of their access keys. An access key is an id with a secret, which signs
 * requests.
 */
final class ProjectTable {

    static final Table<ProjectView> PROJECTS = Table.of(
                    "There are no projects that this access key may see.",
                    /* name= */ ProjectView::name,
                    /* id= */ ProjectView::id)
            .column("NAME", ProjectView::name)
            .column("ID", ProjectView::id)
            .column("CREATED", ProjectView::createdAt)
            .wide("VERSION", ProjectView::version);

    /** The table of a new project with its first access key, whose secret is shown only once. */
    static final Table<ProjectCreated> CREATED = Table.of(
                    "There is no project.", /* name= */ ProjectCreated::name, /* id= */ ProjectCreated::projectId)
            .column("NAME", ProjectCreated::name)
            .column("ID", ProjectCreated::projectId)
            .column("ACCESS KEY", ProjectCreated::accessKey)
            .column("SECRET KEY", ProjectCreated::secretKey);

    static final Table<AccessKeyView> KEYS = keys(Map.of());

    /** The table of a new access key, whose secret is shown only once. */
    static final Table<AccessKeyView> CREATED_KEY = keys(Map.of()).column("SECRET KEY", AccessKeyView::secretKey);

    private ProjectTable() {}

    /** Returns the rights of an access key: its policies, its actions, and the instances that it sees. */
    static String rights(AccessKeyView key) {
        return rights(key, Map.of());
    }

    private static String rights(AccessKeyView key, Map<String, String> instanceNames) {
        String rights = Stream.of(key.policies(), key.actions())
                .filter(Objects::nonNull)
                .flatMap(List::stream)
                .collect(Collectors.joining(" "));
        return rights
                + IdResolver.onInstances(key.instances(), instanceNames)
                + (key.tags() == null ? "" : " on instances with " + key.tags());
    }

    /** Returns the state of an access key in words. */
    static String state(AccessKeyView key) {
        return key.state().equals("ownerDisabled") ? "owner disabled" : key.state();
    }

    /** Returns the table of access keys, with the names of instances whose ids are in the map. */
    static Table<AccessKeyView> keys(Map<String, String> instanceNames) {
        return Table.of(
                        "The project has no access keys. Create one with 'keysweep access-keys create --policy viewer'.",
                        /* name= */ AccessKeyView::accessKey,
                        /* id= */ AccessKeyView::accessKey)
                .column("ACCESS KEY", AccessKeyView::accessKey)
                .column("RIGHTS", key -> rights(key, instanceNames))
                .column("CREATED", AccessKeyView::createdAt)
                .column("LAST USED", AccessKeyView::lastUsedAt)
                .column("STATE", ProjectTable::state)
                .column("EXPIRES", AccessKeyView::expiresAt)
                .column("OWNER", AccessKeyView::userId)
                .wide("PROJECT ID", AccessKeyView::projectId);
    }
}
