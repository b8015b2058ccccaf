package io.keysweep.server.console.page;

import io.keysweep.server.config.ConsolePath;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the files of the console: the style sheet, the scripts and the icon. They need no session. */
@Configuration(proxyBeanMethods = false)
public class ConsoleAssets implements WebMvcConfigurer {

    /** The pattern of the paths of the files, which need no session. */
    public static final String PATHS = ConsolePath.ROOT + "/assets/**";

    /**
     * Registers the files. A browser asks at every use whether its copy is current, so an upgrade of the service takes
     * effect immediately.
     */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // A page names the file of a webjar without its version, such as htmx.org/dist/htmx.min.js. The resource chain
        // finds the file, because webjars-locator is on the class path.
        registry.addResourceHandler(PATHS)
                .addResourceLocations("classpath:/console/", "classpath:/META-INF/resources/webjars/")
                .setCacheControl(CacheControl.noCache())
                .resourceChain(/* cacheResources= */ true);
    }
}
