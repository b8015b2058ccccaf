package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditResource;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Lists the operations whose calls the audit log records: all operations that are not reads, and a few reads.
 *
 * <p>Three kinds of reads are recorded: the operation that shows a token, the sign-in through an issuer (a GET), and
 * refused reads of the log itself. {@link AuditFilter} asks for the operation of each request.
 *
 * <p>The service does not start if a controller maps an operation that is not a read and is missing here, so no new
 * operation is forgotten. The operations have the same names as in the OpenAPI document and in the API of DCS (Huawei
 * Cloud's Distributed Cache Service), which the service also offers. A form of the console has the name of the API
 * operation with the same effect.
 */
@Component
@ConditionalOnWebApplication
final class AuditedOperations implements SmartInitializingSingleton {

    /**
     * The table of operations, one on each line. The columns are: HTTP method, pattern of the path, name, kind of the
     * resource, and the variable of the path with the id of the resource ({@code -} for none).
     */
    private static final String TABLE = """
            POST   /api/v1/projects                                 createProject              project      -
            PUT    /api/v1/projects/{id}                            renameProject              project      id
            DELETE /api/v1/projects/{id}                            deleteProject              project      id
            POST   /api/v1/projects/{id}/access-keys                createAccessKey            access-key   -
            PATCH  /api/v1/projects/{id}/access-keys/{accessKey}    changeAccessKey            access-key   accessKey
            POST   /api/v1/projects/{id}/access-keys/{accessKey}/rotate rotateAccessKey        access-key   accessKey
            DELETE /api/v1/projects/{id}/access-keys/{accessKey}    withdrawAccessKey          access-key   accessKey
            PUT    /api/v1/projects/{id}/access-policies/{name}     setAccessPolicy            access-policy name
            DELETE /api/v1/projects/{id}/access-policies/{name}     removeAccessPolicy         access-policy name
            POST   /api/v1/projects/{id}/users                      createUser                 user         -
            PATCH  /api/v1/projects/{id}/users/{name}               changeUser                 user         name
            DELETE /api/v1/projects/{id}/users/{name}               removeUser                 user         name
            POST   /api/v1/users/me/password                        changeOwnPassword          user         -
            PUT    /api/v1/projects/{id}/hold                       holdProject                hold         id
            DELETE /api/v1/projects/{id}/hold                       releaseProject             hold         id
            PUT    /api/v1/hold                                     holdAll                    hold         -
            DELETE /api/v1/hold                                     releaseAll                 hold         -
            PUT    /api/v1/projects/{id}/budget                     setBudget                  budget       id
            DELETE /api/v1/projects/{id}/budget                     removeBudget               budget       id
            PUT    /api/v1/projects/{id}/windows                    setProjectWindows          windows      id
            DELETE /api/v1/projects/{id}/windows                    removeProjectWindows       windows      id
            PUT    /api/v1/projects/{id}/start-policy               setProjectStartPolicy      start        id
            DELETE /api/v1/projects/{id}/start-policy               removeProjectStartPolicy   start        id
            PUT    /api/v1/projects/{id}/ceilings                   setProjectCeilings         ceilings     id
            DELETE /api/v1/projects/{id}/ceilings                   removeProjectCeilings      ceilings     id
            POST   /api/v1/instances                                registerInstance           instance     -
            POST   /api/v1/instances/test                           testRegistration           instance     -
            POST   /api/v1/instances/apply                          applyFleet                 fleet        -
            PATCH  /api/v1/instances/{id}                           changeInstance             instance     id
            DELETE /api/v1/instances/{id}                           removeInstance             instance     id
            DELETE /api/v1/instances/{id}/raised-settings           forgetRaisedSettings       instance     id
            POST   /api/v1/instances/{id}/test                      testInstance               instance     id
            POST   /api/v1/instances/{id}/estimates                 makeEstimate               estimate     id
            PUT    /api/v1/instances/{id}/windows                   setInstanceWindows         windows      id
            DELETE /api/v1/instances/{id}/windows                   removeInstanceWindows      windows      id
            PUT    /api/v1/instances/{id}/start-policy              setInstanceStartPolicy     start        id
            DELETE /api/v1/instances/{id}/start-policy              removeInstanceStartPolicy  start        id
            PUT    /api/v1/instances/{id}/ceilings                  setInstanceCeilings        ceilings     id
            DELETE /api/v1/instances/{id}/ceilings                  removeInstanceCeilings     ceilings     id
            PUT    /api/v1/instances/{id}/schedule                  setSchedule                schedule     id
            DELETE /api/v1/instances/{id}/schedule                  removeSchedule             schedule     id
            POST   /api/v1/webhooks                                 createWebhook              webhook      -
            PUT    /api/v1/webhooks/{id}                            updateWebhook              webhook      id
            DELETE /api/v1/webhooks/{id}                            deleteWebhook              webhook      id
            POST   /api/v1/webhooks/{id}/secret                     rotateWebhookSecret        webhook      id
            POST   /api/v1/webhooks/{id}/test                       testWebhook                webhook      id
            POST   /api/v1/webhooks/{id}/deliveries/{deliveryId}/redeliver redeliver           delivery     deliveryId
            POST   /api/v1/scans                                    createScan                 scan         -
            PATCH  /api/v1/scans/{id}                               tuneScan                   scan         id
            POST   /api/v1/scans/{id}/pause                         pauseScan                  scan         id
            POST   /api/v1/scans/{id}/resume                        resumeScan                 scan         id
            POST   /api/v1/scans/{id}/cancel                        cancelScan                 scan         id
            POST   /api/v1/approvals/{id}/approve                   approveScan                approval     id
            POST   /api/v1/approvals/{id}/reject                    rejectScan                 approval     id
            POST   /v2/{projectId}/instances/{instanceId}/scan-expire-keys-task CreateAutoExpireScanTask scan -
            POST   /v2/{projectId}/instances/{instanceId}/auto-expire/scan      ScanExpireKey            scan -
            PUT    /v2/{projectId}/instances/{instanceId}/scan-expire-keys/autoscan-config UpdateExpireAutoScanConfig schedule instanceId
            POST   /v3/auth/tokens                                  issueToken                 token        -
            GET    /v3/auth/tokens                                  showToken                  token        -
            POST   /console/sign-in                                 signIn                     session      -
            GET    /console/sign-in/oidc/callback                   signIn                     session      -
            POST   /console/sign-out                                signOut                    session      -
            POST   /console/password                                changeOwnPassword          user         -
            POST   /console/register                                registerInstance           instance     -
            POST   /console/language                                chooseLanguage             session      -
            POST   /console/register/test                           testRegistration           instance     -
            POST   /console/instances/{id}/settings                 changeInstance             instance     id
            POST   /console/instances/{id}/settings/test            testInstance               instance     id
            POST   /console/instances/{id}/windows                  setInstanceWindows         windows      id
            POST   /console/instances/{id}/start-policy             setInstanceStartPolicy     start        id
            POST   /console/policies/windows                        setProjectWindows          windows      -
            POST   /console/policies/start-policy                   setProjectStartPolicy      start        -
            POST   /console/policies/budget                         setBudget                  budget       -
            POST   /console/webhooks                                createWebhook              webhook      -
            POST   /console/webhooks/{id}                           updateWebhook              webhook      id
            POST   /console/webhooks/{id}/test                      testWebhook                webhook      id
            POST   /console/webhooks/{id}/secret                    rotateWebhookSecret        webhook      id
            POST   /console/webhooks/{id}/remove                    deleteWebhook              webhook      id
            POST   /console/webhooks/{id}/deliveries/{deliveryId}/redeliver redeliver          delivery     deliveryId
            POST   /console/projects                                createProject              project      -
            POST   /console/projects/{projectId}/rename             renameProject              project      projectId
            POST   /console/projects/{projectId}/remove             deleteProject              project      projectId
            POST   /console/projects/{projectId}/access-keys        createAccessKey            access-key   -
            POST   /console/projects/{projectId}/access-keys/{accessKey} changeAccessKey       access-key   accessKey
            POST   /console/projects/{projectId}/access-keys/{accessKey}/rotate rotateAccessKey access-key  accessKey
            POST   /console/projects/{projectId}/access-keys/{accessKey}/withdraw withdrawAccessKey access-key accessKey
            POST   /console/projects/{projectId}/access-policies    setAccessPolicy            access-policy -
            POST   /console/projects/{projectId}/access-policies/{name} setAccessPolicy        access-policy name
            POST   /console/projects/{projectId}/access-policies/{name}/remove removeAccessPolicy access-policy name
            POST   /console/projects/{projectId}/users              createUser                 user         -
            POST   /console/projects/{projectId}/users/{name}       changeUser                 user         name
            POST   /console/projects/{projectId}/users/{name}/remove removeUser                user         name
            POST   /console/instances/{id}/scan                     createScan                 scan         -
            POST   /console/instances/{id}/automatic                setSchedule                schedule     id
            POST   /console/instances/{id}/tags                     changeInstance             instance     id
            POST   /console/instances/{id}/ceilings                 setInstanceCeilings        ceilings     id
            POST   /console/instances/{id}/refresh                  refreshInstance            instance     id
            POST   /console/instances/{id}/doctor                   examineInstance            instance     id
            POST   /console/instances/{id}/forget-raised            forgetRaisedSettings       instance     id
            POST   /console/instances/{id}/remove                   removeInstance             instance     id
            POST   /console/instances/{id}/estimate                 makeEstimate               estimate     id
            POST   /console/approvals/{id}/approve                  approveScan                approval     id
            POST   /console/approvals/{id}/reject                   rejectScan                 approval     id
            POST   /console/ceilings                                setProjectCeilings         ceilings     -
            POST   /console/scans/{id}/pause                        pauseScan                  scan         id
            POST   /console/scans/{id}/resume                       resumeScan                 scan         id
            POST   /console/scans/{id}/cancel                       cancelScan                 scan         id
            POST   /console/scans/{id}/tune                         tuneScan                   scan         id
            POST   /console/holds/all                               holdAll                    hold         -
            POST   /console/holds/all/release                       releaseAll                 hold         -
            POST   /console/holds/projects/{projectId}              holdProject                hold         projectId
            POST   /console/holds/projects/{projectId}/release      releaseProject             hold         projectId
            """;

    /** Operations that read the log itself, in the form of {@link #TABLE}. Only refused calls of them are recorded. */
    private static final String REFUSED_READS = """
            GET    /api/v1/audit                                    listAudit                  audit        -
            GET    /api/v1/audit/export                             exportAudit                audit        -
            GET    /api/v1/audit/verify                             verifyAudit                audit        -
            """;

    /** The methods of operations that need not be listed. */
    private static final List<RequestMethod> READS =
            List.of(RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS);

    private final List<Operation> operations = read(TABLE, /* refusedOnly= */ false);
    private final List<Operation> refusedReads = read(REFUSED_READS, /* refusedOnly= */ true);
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;

    AuditedOperations(
            @Qualifier("requestMappingHandlerMapping") ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.mappings = mappings;
    }

    /** Describes one operation: a line of a table. */
    private record Operation(
            String method,
            PathPattern path,
            String name,
            String kind,
            @Nullable String variable,
            boolean refusedOnly) {}

    /**
     * Describes the operation that a request calls.
     *
     * @param name name of the operation
     * @param resource resource that the call concerns, as far as the path names it
     * @param refusedOnly whether the call is recorded only if it is refused
     */
    record Called(String name, AuditResource resource, boolean refusedOnly) {}

    /** Reads the lines of a table in the form of {@link #TABLE}. */
    private static List<Operation> read(String table, boolean refusedOnly) {
        List<Operation> operationsOfTable = new ArrayList<>();
        for (String line : table.lines().toList()) {
            String[] parts = line.strip().split(" +", -1);
            operationsOfTable.add(new Operation(
                    parts[0],
                    PathPatternParser.defaultInstance.parse(parts[1]),
                    parts[2],
                    parts[3],
                    parts[4].equals("-") ? null : parts[4],
                    refusedOnly));
        }
        return operationsOfTable;
    }

    /** Returns the operation that a request calls; empty if its calls are not recorded. */
    Optional<Called> of(HttpServletRequest request) {
        // Spring serves HEAD by the operation for GET.
        String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
        PathContainer path = parsePath(request);
        if (path == null) {
            return Optional.empty();
        }
        return Stream.concat(operations.stream(), refusedReads.stream())
                .filter(operation ->
                        operation.method().equals(method) && operation.path().matches(path))
                .findFirst()
                .map(operation -> describeCall(operation, readVariables(operation, path)));
    }

    private static Map<String, String> readVariables(Operation operation, PathContainer path) {
        return Objects.requireNonNull(operation.path().matchAndExtract(path)).getUriVariables();
    }

    private static @Nullable PathContainer parsePath(HttpServletRequest request) {
        try {
            return PathContainer.parsePath(request.getRequestURI());
        } catch (IllegalArgumentException e) {
            // A malformed path is the path of no operation.
            return null;
        }
    }

    /**
     * Describes a call of an operation. The variables {@code projectId} and {@code instanceId} of the path identify the
     * project and the instance of the resource. In paths below {@code /api/v1/projects/{id}} and below an instance's
     * own path, the variable is named {@code id} instead.
     */
    private static Called describeCall(Operation operation, Map<String, String> variables) {
        String id = operation.variable() == null ? null : variables.get(operation.variable());
        String path = operation.path().getPatternString();
        String owner = path.startsWith("/api/v1/projects/{id}") ? variables.get("id") : variables.get("projectId");
        boolean isInstance = path.startsWith("/api/v1/instances/{id}/") || path.startsWith("/console/instances/{id}/");
        String instance = isInstance ? variables.get("id") : variables.get("instanceId");
        return new Called(
                operation.name(),
                new AuditResource(operation.kind(), id, /* name= */ null, owner, instance),
                operation.refusedOnly());
    }

    /**
     * Checks that the table has every mapped operation that is not a read. A mapping that names no method is not
     * checked.
     *
     * @throws IllegalStateException if operations are missing, so that the service does not start
     */
    @Override
    public void afterSingletonsInstantiated() {
        TreeSet<String> missing = new TreeSet<>();
        for (RequestMappingInfo mapping :
                mappings.getObject().getHandlerMethods().keySet()) {
            for (RequestMethod method : mapping.getMethodsCondition().getMethods()) {
                for (String path : mapping.getPatternValues()) {
                    if (!READS.contains(method) && !isListed(method.name(), path)) {
                        missing.add(method + " " + path);
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException("The audit log does not know the operations " + missing
                    + ": add them to the table of AuditedOperations");
        }
    }

    private boolean isListed(String method, String path) {
        return operations.stream()
                .anyMatch(operation -> operation.method().equals(method)
                        && operation.path().getPatternString().equals(path));
    }

    /** Returns the operations of the table, without the refused reads, as {@code METHOD path name}, for tests. */
    List<String> list() {
        return operations.stream()
                .map(operation -> String.join(
                        " ", Arrays.asList(operation.method(), operation.path().getPatternString(), operation.name())))
                .toList();
    }
}
