package io.keysweep.server.iam;

import io.keysweep.server.config.ServiceSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Builds the documents of the IAM API in the form of OpenStack's Identity API v3, which Huawei Cloud and Open Telekom
 * Cloud use too. Safe for use by several threads.
 *
 * <p>The service has one domain. All projects and access keys belong to it.
 */
@Component
final class IdentityDocuments {

    private static final String DOMAIN_ID = "default";
    private static final String DOMAIN_NAME = "Default";

    /**
     * The services of the catalog: name, type and path. Open Telekom Cloud's client finds the DCS API under the type
     * {@code dcsv1} and replaces {@code v1.0} in its path by {@code v2}.
     */
    private static final List<CatalogService> SERVICES = List.of(
            new CatalogService("iam", "identity", "/v3"),
            new CatalogService("dcs", "dcs", "/v2/{project_id}"),
            new CatalogService("dcsv1", "dcsv1", "/v1.0/{project_id}"));

    private final List<String> regions;

    IdentityDocuments(ServiceSettings settings) {
        this.regions = settings.access().catalogRegions();
    }

    /** Describes a service of the catalog; {@code {project_id}} in the path stands for the project of the caller. */
    private record CatalogService(String name, String type, String path) {

        String id() {
            return stableId("service " + type);
        }
    }

    /**
     * Returns the only domain under the name that the client has sent. Clients of public clouds send the name of their
     * account there, and expect the same name in the answer.
     */
    Map<String, Object> domain(String name) {
        return Map.of("id", DOMAIN_ID, "name", name, "enabled", true, "description", "", "links", Map.of());
    }

    /** Returns the domain under its own name. */
    Map<String, Object> domain() {
        return domain(DOMAIN_NAME);
    }

    /** Returns a project under the name that the client has sent, which may be that of a region. */
    Map<String, Object> project(Project project, String name) {
        return Map.of(
                "id",
                project.id(),
                "name",
                name,
                "enabled",
                true,
                "domain_id",
                DOMAIN_ID,
                "parent_id",
                DOMAIN_ID,
                "is_domain",
                false,
                "description",
                "",
                "links",
                Map.of());
    }

    /** Returns the services with their endpoints for one project. */
    List<Map<String, Object>> catalog(String projectId) {
        return SERVICES.stream()
                .map(service -> Map.<String, Object>of(
                        "id", service.id(),
                        "name", service.name(),
                        "type", service.type(),
                        "endpoints", endpoints(service, projectId)))
                .toList();
    }

    /** Returns the services without their endpoints. */
    List<Map<String, Object>> services() {
        return SERVICES.stream()
                .map(service -> Map.<String, Object>of(
                        "id", service.id(),
                        "name", service.name(),
                        "type", service.type(),
                        "enabled", true,
                        "links", Map.of()))
                .toList();
    }

    /** Returns the endpoints of all services for one project. */
    List<Map<String, Object>> endpoints(String projectId) {
        return SERVICES.stream()
                .flatMap(service -> endpoints(service, projectId).stream())
                .toList();
    }

    /** Returns one endpoint of a service for each region of the catalog. All regions lead to this service. */
    private List<Map<String, Object>> endpoints(CatalogService service, String projectId) {
        List<Map<String, Object>> endpoints = new ArrayList<>();
        for (String region : regions) {
            endpoints.add(Map.of(
                    "id",
                    stableId("endpoint " + service.type() + " " + region),
                    "service_id",
                    service.id(),
                    "interface",
                    "public",
                    "region",
                    region,
                    "region_id",
                    region,
                    "enabled",
                    true,
                    "url",
                    VersionController.endpoint() + service.path().replace("{project_id}", projectId)));
        }
        return endpoints;
    }

    /**
     * Describes a token, apart from its text.
     *
     * @param caller the caller that the token identifies
     * @param project the caller's project
     * @param method method by which the client has authenticated, such as {@code hw_ak_sk}
     * @param issuedAt when the response is sent, in whole seconds
     * @param expiresAt first instant at which the token is no longer valid
     */
    record TokenContent(Caller caller, Project project, String method, Instant issuedAt, Instant expiresAt) {}

    /**
     * Returns the document of a token.
     *
     * @param forDomain whether the client asked for a token of the domain, which names no project
     * @param withCatalog whether the client wants the catalog
     */
    Map<String, Object> token(TokenContent content, boolean forDomain, boolean withCatalog) {
        Caller caller = content.caller();
        Project project = content.project();
        Map<String, Object> domain = Map.of("id", DOMAIN_ID, "name", DOMAIN_NAME);
        Map<String, Object> token = new LinkedHashMap<>();
        token.put("methods", List.of(content.method()));
        token.put("issued_at", content.issuedAt().toString());
        token.put("expires_at", content.expiresAt().toString());
        token.put("user", Map.of("id", caller.accessKey(), "name", caller.accessKey(), "domain", domain));
        token.put("roles", List.of(Map.of("id", "member", "name", "member")));
        if (forDomain) {
            token.put("domain", domain);
        } else {
            token.put("project", Map.of("id", project.id(), "name", project.name(), "domain", domain));
        }
        if (withCatalog) {
            token.put("catalog", catalog(project.id()));
        }
        return Map.of("token", token);
    }

    /** Returns an id that is the same in every process and after every start, in the form of OpenStack's ids. */
    private static String stableId(String name) {
        return UUID.nameUUIDFromBytes(("keysweep " + name).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }
}
