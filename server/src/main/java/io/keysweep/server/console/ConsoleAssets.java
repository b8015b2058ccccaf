package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Serves the style sheet, the scripts and the icon of the console, the only files that the service serves. */
@Configuration(proxyBeanMethods = false)
class ConsoleAssets implements WebMvcConfigurer {

    static final String PATHS = ConsolePath.ROOT + "/assets/**";

    /** Registers the files. A browser revalidates its copy at every use, so an upgrade takes effect at once. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The resource chain resolves a webjar path without a version if webjars-locator is on the class path.
        registry.addResourceHandler(PATHS)
                .addResourceLocations("classpath:/console/", "classpath:/META-INF/resources/webjars/")
                .setCacheControl(CacheControl.noCache())
                .resourceChain(/* cacheResources= */ true);
    }
}
