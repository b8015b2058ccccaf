package io.keysweep.server.iam.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.keysweep.server.config.ConsolePath;
import io.keysweep.server.config.Role;
import io.keysweep.server.config.ServiceSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/**
 * Serves {@code GET /} and {@code GET /v3}, where clients of OpenStack find the version and address of the IAM API.
 *
 * <p>A browser that opens {@code /} is redirected to the web console, if this process serves one.
 */
@RestController
final class VersionController {

    private final ServiceSettings settings;

    /** Describes the version of the IAM API. */
    private record VersionDocument(
            String id,
            String status,
            String updated,
            @JsonProperty("media-types") List<MediaType> mediaTypes,
            List<Link> links) {}

    private record MediaType(String base, String type) {}

    private record Link(String rel, String href) {}

    VersionController(ServiceSettings settings) {
        this.settings = settings;
    }

    /**
     * Redirects to the console, or returns the list of versions. A process without the role {@code api} redirects every
     * client, because it has no API to describe.
     */
    @GetMapping("/")
    ResponseEntity<Object> root(HttpServletRequest request) {
        boolean servesApi = settings.roles().contains(Role.API);
        boolean servesConsole = settings.roles().contains(Role.CONSOLE);
        if (servesConsole && (!servesApi || wantsPage(request))) {
            return ResponseEntity.status(HttpStatus.FOUND)
                    .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                    .header(HttpHeaders.LOCATION, ConsolePath.ROOT)
                    .build();
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                .body(Map.of("versions", Map.of("values", List.of(version()))));
    }

    @GetMapping({"/v3", "/v3/"})
    Map<String, Object> identity() {
        return Map.of("version", version());
    }

    /** Returns whether the client accepts HTML, as browsers do, and not JSON. */
    private static boolean wantsPage(HttpServletRequest request) {
        String accepted = Objects.requireNonNullElse(request.getHeader(HttpHeaders.ACCEPT), "")
                .toLowerCase(Locale.ROOT);
        return accepted.contains("text/html") && !accepted.contains("application/json");
    }

    private static VersionDocument version() {
        return new VersionDocument(
                "v3.14",
                "stable",
                "2020-04-07T00:00:00Z",
                List.of(new MediaType("application/json", "application/vnd.openstack.identity-v3+json")),
                List.of(new Link("self", endpoint() + "/v3/")));
    }

    /** Returns the address under which the client has reached the service, such as {@code http://127.0.0.1:8379}. */
    static String endpoint() {
        return ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString();
    }
}
