package io.keysweep.server.console;

import io.keysweep.server.config.ConsolePath;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Style, scripts and icon of the console: the only files that the service sends. */
@Configuration(proxyBeanMethods = false)
class ConsoleAssets implements WebMvcConfigurer {

    static final String PATHS = ConsolePath.ROOT + "/assets/**";

    /** A browser asks each time whether its copy is still good, so that an upgrade needs no trick. */
    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // The chain finds a webjar without its version, as long as the locator is there.
        registry.addResourceHandler(PATHS)
                .addResourceLocations("classpath:/console/", "classpath:/META-INF/resources/webjars/")
                .setCacheControl(CacheControl.noCache())
                .resourceChain(/* cacheResources= */ true);
    }
}
