package io.keysweep.server.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.MediaType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves the OpenAPI 3.1 descriptions of the DCS API and the native API, without authentication.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The descriptions are written by hand in {@code openapi/v1.yaml} and {@code openapi/dcs.yaml}, and are the same for
 * all callers.
 */
@RestController
final class OpenApiController {

    private final SingletonSupplier<String> nativeApi = SingletonSupplier.of(() -> read("openapi/v1.yaml"));
    private final SingletonSupplier<String> dcsApi = SingletonSupplier.of(() -> read("openapi/dcs.yaml"));

    @GetMapping(path = "/api/v1/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    String nativeApi() {
        return nativeApi.obtain();
    }

    @GetMapping(path = ApiPage.DCS_DESCRIPTION, produces = MediaType.APPLICATION_JSON_VALUE)
    String dcsApi() {
        return dcsApi.obtain();
    }

    /**
     * Reads a description from its YAML file and converts it to JSON. This happens at the first request, not at the
     * start.
     */
    static String read(String file) {
        try (InputStream yaml = new ClassPathResource(file).getInputStream()) {
            Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return JsonMapper.shared().writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
