package io.keysweep.server.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysweep.server.TestService.Credentials;
import io.keysweep.server.iam.PermissionFixture.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Tests each operation with each set of permissions against {@code permissions.txt}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // start() sets the field.
class PermissionMatrixIT {

    /** The status and the code of the answer to a key that lacks an action. */
    private static final String REFUSED = "403 DCS.2007";

    /** The operations that return a list. They leave out the instances that a limited key must not see. */
    private static final Set<String> LISTS =
            Set.of("listInstances", "listScans", "listApprovals", "listHolds", "ListInstances");

    private PermissionFixture fixture;

    @BeforeAll
    void start(@TempDir Path home) throws SQLException {
        fixture = new PermissionFixture(home);
    }

    @AfterAll
    void stop() {
        fixture.close();
    }

    static List<PermissionRow> rows() {
        return PermissionRow.readAll();
    }

    @Test
    void matrix_hasALineForEachRouteOfTheService() {
        Set<String> routes = new TreeSet<>();
        fixture.service()
                .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getMethodsCondition()
                        .getMethods()
                        .forEach(method -> mapping.getPatternValues().stream()
                                // Pages and files are left out. OpenApiIT loads the pages below /docs without
                                // credentials.
                                .filter(path -> !path.startsWith("/console") && !path.startsWith("/docs"))
                                .forEach(path -> routes.add(route(method.name(), path)))));

        assertThat(rows().stream()
                        .map(ApiOperations::operation)
                        .map(operation -> route(operation.method(), operation.path())))
                .containsExactlyInAnyOrderElementsOf(routes);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void operation_withoutCredentialsOrActions_isRefused(PermissionRow row) throws IOException, InterruptedException {
        expect(row, /* caller= */ null, /* action= */ "", row.isPublic() ? row.allowed() : "401 DCS.1003");
        if (!row.isPublic()) {
            Credentials noAction = fixture.key(Set.of());
            if (row.actions().isEmpty()) {
                expect(row, noAction, /* action= */ "", row.allowed());
            } else {
                expectRefused(row, noAction, row.actions());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void operation_withAllActionsExceptTheNeededOne_isRefusedWithItsName(PermissionRow row)
            throws IOException, InterruptedException {
        for (Set<String> missing : row.decisiveActions()) {
            expectRefused(row, fixture.keyWithout(missing), missing);
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void operation_withTheNeededActionOnly_isAllowed(PermissionRow row) throws IOException, InterruptedException {
        for (Set<String> needed : row.sufficientActions()) {
            if (!needed.isEmpty() && !row.id().startsWith("unused")) {
                expect(row, fixture.key(needed), needed.iterator().next(), row.allowed());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void operation_withAKeyOfAnotherProject_reachesNothingOfTheFirstProject(PermissionRow row)
            throws IOException, InterruptedException {
        Set<String> needed = row.sufficientActions().getFirst();
        Credentials stranger = fixture.keyOfAnotherProject(needed);
        String action = needed.isEmpty() ? "" : needed.iterator().next();
        switch (row.otherProject()) {
            case "all" -> expect(row, stranger, action, row.allowed());
            case "own" ->
                assertThat(expect(row, stranger, action, row.allowed()).body())
                        .doesNotContain(fixture.revealingTexts());
            default -> {
                expect(row, stranger, action, row.otherProject());

                if (row.id().startsWith("unused")) {
                    // The refused calls have not removed the resource, which can be removed only once.
                    expect(row, fixture.key(needed), action, row.allowed());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void operation_withAKeyForOneInstance_reachesNoOtherInstance(PermissionRow row)
            throws IOException, InterruptedException {
        Reply reply = fixture.call(row, fixture.keyOfOneInstance(), "*");
        // A problem document repeats the path of the request.
        assertThat(reply.body().replaceAll("\"instance\":\"/[^\"]*\"", ""))
                .doesNotContain(fixture.textsThatRevealInstances());

        int expected;
        if (row.concernsAnInstance()) {
            expected = 404;
        } else if (row.isPublic() || row.needs().equals("any key")) {
            return;
        } else {
            // A list leaves the other instances out. Any other operation concerns more than the one instance.
            expected = LISTS.contains(row.operation()) ? 200 : 403;
        }

        assertThat(reply.status()).as("%s: %s", row, reply.body()).isEqualTo(expected);
    }

    /** Calls an operation, and checks that the key is refused for one of these actions. */
    private void expectRefused(PermissionRow row, Credentials caller, Set<String> missing)
            throws IOException, InterruptedException {
        String action = row.actions().iterator().next();
        Reply reply = expect(row, caller, action, REFUSED);
        assertThat(missing)
                .as("the action that the answer names: %s", reply.body())
                .anySatisfy(name ->
                        assertThat(reply.body()).contains("Policy does not allow " + name + " to be performed."));
    }

    /**
     * Calls an operation, and checks the status and the code of the answer.
     *
     * @param expected expected status, or status and code, such as {@code 200} or {@code 404 DCS.4900}
     */
    private Reply expect(PermissionRow row, @Nullable Credentials caller, String action, String expected)
            throws IOException, InterruptedException {
        Reply reply = fixture.call(row, caller, action);
        String[] parts = expected.split(" ", -1);
        assertThat(reply.status()).as("%s: %s", row, reply.body()).isEqualTo(Integer.parseInt(parts[0]));
        if (parts.length > 1) {
            assertThat(reply.body()).as("%s", row).contains("\"" + parts[1] + "\"");
        }
        return reply;
    }

    /** Returns a route without the names of its variables, which the code and the documents name differently. */
    private static String route(String method, String path) {
        return method + " " + path.replaceAll("\\{\\w+}", "{}");
    }
}
