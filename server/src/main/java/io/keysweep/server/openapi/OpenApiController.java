package io.keysweep.server.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves {@code GET /api/v1/openapi.json}, the OpenAPI 3.1 description of the native API, without authentication.
 *
 * <p>The description is written by hand in {@code openapi/v1.yaml}, and is the same for all callers.
 */
@RestController
final class OpenApiController {

    private final String document = read();

    @GetMapping(path = "/api/v1/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    String document() {
        return document;
    }

    /** Reads the description from its YAML file and converts it to JSON, once at the start of the service. */
    private static String read() {
        try (InputStream yaml = new ClassPathResource("openapi/v1.yaml").getInputStream()) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return JsonMapper.shared().writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
