package io.keysweep.server.iam.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.iam.Caller;
import io.keysweep.server.iam.Project;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Builds the documents of the IAM API in the form of OpenStack's Identity API v3, which Huawei Cloud and Open Telekom
 * Cloud also use. Thread-safe.
 *
 * <p>In OpenStack, a domain contains projects and users. This service has one domain, to which all projects belong, and
 * its access keys take the place of users. The catalog lists the services with their addresses (endpoints), one for
 * each configured region.
 */
@Component
final class IdentityDocuments {

    private static final String DOMAIN_ID = "default";
    private static final String DOMAIN_NAME = "Default";

    // Clients of OpenStack expect these fields, which have the same value in all documents of this service.
    private static final boolean ENABLED = true;
    private static final String NO_DESCRIPTION = "";
    private static final Map<String, String> NO_LINKS = Map.of();

    /**
     * The services of the catalog: name, type and path. The client of Open Telekom Cloud needs the type {@code dcsv1}:
     * it finds the DCS API under this type, and replaces {@code v1.0} in the path by {@code v2}.
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

    /** Describes the domain in a response of the IAM API. */
    @JsonNaming(SnakeCaseStrategy.class)
    record DomainDocument(String id, String name, boolean enabled, String description, Map<String, String> links) {}

    /** Describes a project in a response of the IAM API. */
    @JsonNaming(SnakeCaseStrategy.class)
    record ProjectDocument(
            String id,
            String name,
            boolean enabled,
            String domainId,
            String parentId,
            @JsonProperty("is_domain") boolean domain,
            String description,
            Map<String, String> links) {}

    /** Describes a service of the catalog without its endpoints. */
    record ServiceDocument(String id, String name, String type, boolean enabled, Map<String, String> links) {}

    /** Describes the address of a service in one region. */
    @JsonNaming(SnakeCaseStrategy.class)
    record EndpointDocument(
            String id,
            String serviceId,
            @JsonProperty("interface") String audience,
            String region,
            String regionId,
            boolean enabled,
            String url) {}

    /** Describes a service of the catalog with its endpoints for one project. */
    record CatalogDocument(String id, String name, String type, List<EndpointDocument> endpoints) {}

    /** Names a domain, a role, a user or a project within a token. Only users and projects have a domain. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record NamedDocument(String id, String name, @Nullable NamedDocument domain) {

        private NamedDocument(String id, String name) {
            this(id, name, /* domain= */ null);
        }
    }

    /**
     * Describes a token; the text of the token itself is in a header of the response.
     *
     * @param roles one role, which stands for the rights of the caller; null if the token is unscoped
     * @param domain the domain, if the client asked for a token for the domain; otherwise null
     * @param project the caller's project, if the client asked for a token for it; otherwise null
     * @param catalog the services; null if the client does not want them, or if the token is unscoped
     */
    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record TokenDocument(
            List<String> methods,
            String issuedAt,
            String expiresAt,
            NamedDocument user,
            @Nullable List<NamedDocument> roles,
            @Nullable NamedDocument domain,
            @Nullable NamedDocument project,
            @Nullable List<CatalogDocument> catalog) {}

    /**
     * Returns the only domain, under the name that the client has sent. Clients of public clouds send the name of their
     * account as the name of the domain, and expect the same name in the answer.
     */
    DomainDocument domain(String name) {
        return new DomainDocument(DOMAIN_ID, name, ENABLED, NO_DESCRIPTION, NO_LINKS);
    }

    /** Returns the domain under its own name. */
    DomainDocument domain() {
        return domain(DOMAIN_NAME);
    }

    /** Returns a project under the name that the client has sent, which may be the name of a region. */
    ProjectDocument project(Project project, String name) {
        return new ProjectDocument(
                project.id(),
                name,
                ENABLED,
                DOMAIN_ID,
                /* parentId= */ DOMAIN_ID,
                /* domain= */ false,
                NO_DESCRIPTION,
                NO_LINKS);
    }

    /** Returns the services with their endpoints for one project. */
    List<CatalogDocument> catalog(String projectId) {
        return SERVICES.stream()
                .map(service -> new CatalogDocument(
                        service.id(), service.name(), service.type(), endpoints(service, projectId)))
                .toList();
    }

    /**
     * Returns the services without their endpoints.
     *
     * @param type only services of this type; null for any
     * @param name only services with this name; null for any
     */
    List<ServiceDocument> services(@Nullable String type, @Nullable String name) {
        return SERVICES.stream()
                .filter(service -> type == null || service.type().equals(type))
                .filter(service -> name == null || service.name().equals(name))
                .map(service -> new ServiceDocument(service.id(), service.name(), service.type(), ENABLED, NO_LINKS))
                .toList();
    }

    /** Returns the endpoints of all services for one project. */
    List<EndpointDocument> endpoints(String projectId) {
        return SERVICES.stream()
                .flatMap(service -> endpoints(service, projectId).stream())
                .toList();
    }

    /** Returns one endpoint of a service for each region of the catalog. All regions lead to this service. */
    private List<EndpointDocument> endpoints(CatalogService service, String projectId) {
        String url = VersionController.endpoint() + service.path().replace("{project_id}", projectId);
        return regions.stream()
                .map(region -> new EndpointDocument(
                        stableId("endpoint " + service.type() + " " + region),
                        service.id(),
                        /* audience= */ "public",
                        region,
                        /* regionId= */ region,
                        ENABLED,
                        url))
                .toList();
    }

    /**
     * Holds the data of a token document.
     *
     * @param caller the caller that the token identifies
     * @param project the caller's project
     * @param method method by which the client has authenticated, such as {@code hw_ak_sk}
     * @param issuedAt when the response is sent, in whole seconds
     * @param expiresAt first instant at which the token is no longer valid, in whole seconds
     */
    record TokenContent(Caller caller, Project project, String method, Instant issuedAt, Instant expiresAt) {}

    /**
     * Returns the document of a token. The token itself is in a header of the response.
     *
     * @param target whether the token is for the project, for the domain or unscoped; the document of an unscoped token
     *     has no project, domain, roles or catalog
     * @param withCatalog whether the client wants the catalog
     */
    Map<String, Object> token(TokenContent content, TokenRequest.Target target, boolean withCatalog) {
        Caller caller = content.caller();
        Project project = content.project();
        NamedDocument domain = new NamedDocument(DOMAIN_ID, DOMAIN_NAME);
        return Map.of(
                "token",
                new TokenDocument(
                        List.of(content.method()),
                        content.issuedAt().toString(),
                        content.expiresAt().toString(),
                        new NamedDocument(caller.accessKey(), caller.accessKey(), domain),
                        target == TokenRequest.Target.NONE ? null : List.of(new NamedDocument("member", "member")),
                        target == TokenRequest.Target.DOMAIN ? domain : null,
                        target == TokenRequest.Target.PROJECT
                                ? new NamedDocument(project.id(), project.name(), domain)
                                : null,
                        withCatalog && target != TokenRequest.Target.NONE ? catalog(project.id()) : null));
    }

    /** Returns an id that is the same in every process and after every start, in the form of OpenStack's ids. */
    private static String stableId(String name) {
        return UUID.nameUUIDFromBytes(("keysweep " + name).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }
}
