package io.keysweep.server.tracing;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Provides {@link Traces} that record nothing, unless the setting {@code tracing.endpoint} names a collector. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    /**
     * The name of the Spring property that is {@code true} if the setting names a collector. {@code ServiceSettings}
     * sets the property.
     */
    static final String PROPERTY = "keysweep.tracing";

    @Bean
    @ConditionalOnProperty(name = PROPERTY, havingValue = "false", matchIfMissing = true)
    Traces noTraces() {
        return Traces.NONE;
    }
}
