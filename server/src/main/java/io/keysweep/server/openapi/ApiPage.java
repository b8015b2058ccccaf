package io.keysweep.server.openapi;

import java.nio.charset.StandardCharsets;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Serves {@code GET /docs} with its files: a page that shows the DCS API and the native API, and can send requests to
 * them.
 *
 * <p>DCS is the Distributed Cache Service of Huawei Cloud, whose API the service also offers.
 *
 * <p>The page contains only the descriptions of the APIs, so it needs no authentication. A request that a user sends
 * from the page to an API must be authenticated. The page loads nothing from other servers.
 */
@RestController
final class ApiPage implements WebMvcConfigurer {

    /** The path of the description of the DCS API. The DCS API itself defines no path for one. */
    static final String DCS_DESCRIPTION = "/docs/dcs-openapi.json";

    /**
     * The policy of the console, plus images from {@code data:} URLs, because the style sheet of Swagger UI contains
     * its icons.
     */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    @GetMapping("/docs")
    ResponseEntity<Resource> page() {
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
                .header("Content-Security-Policy", CONTENT_POLICY)
                .header("Referrer-Policy", "same-origin")
                .body(new ClassPathResource("docs/apis.html"));
    }

    /**
     * Registers the files of the page. A browser may keep a copy, but asks at every use whether the copy is current.
     */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The page names the files of the webjar without its version, as the console does.
        registry.addResourceHandler("/docs/assets/**")
                .addResourceLocations("classpath:/docs/assets/", "classpath:/META-INF/resources/webjars/")
                .setCacheControl(CacheControl.noCache())
                .resourceChain(/* cacheResources= */ true);
    }
}
