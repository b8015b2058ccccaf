package io.keysweep.server;

import io.keysweep.engine.assist.Assist;
import io.keysweep.engine.assist.AssistLedger;
import io.keysweep.engine.doctor.Doctor;
import io.keysweep.engine.doctor.ServerDoctor;
import io.keysweep.engine.egress.EgressGate;
import io.keysweep.engine.egress.HostResolver;
import io.keysweep.engine.estimate.BacklogEstimator;
import io.keysweep.engine.lettuce.LettuceEngine;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.nodes.DeploymentReader;
import io.keysweep.engine.sweep.SweepEngine;
import io.keysweep.engine.sweep.Timing;
import io.keysweep.server.config.ServiceSettings;
import io.keysweep.server.request.UnknownParameters;
import java.time.InstantSource;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.web.servlet.config.annotation.ContentNegotiationConfigurer;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

/**
 * Defines the beans that all features of the service share, such as the clock and the sweep engine. The class also
 * makes the service refuse invalid JSON and unknown query parameters.
 */
@Configuration(proxyBeanMethods = false)
class ServerConfiguration implements WebMvcConfigurer {

    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }

    /**
     * Checks every address that a user or a server has named, before the service connects to it. The settings {@code
     * egress.…} say which addresses are allowed.
     */
    @Bean
    EgressGate egressGate(ServiceSettings settings) {
        return new EgressGate(settings.egress(), HostResolver.SYSTEM);
    }

    @Bean(destroyMethod = "close")
    SweepEngine sweepEngine(EgressGate gate) {
        return LettuceEngine.sweepEngine(gate);
    }

    /**
     * Opens the connections for three purposes: to read nodes, to raise settings of servers, and to restore these
     * settings.
     */
    @Bean(destroyMethod = "close")
    NodeConnector nodeConnector(EgressGate gate) {
        return LettuceEngine.connector(gate);
    }

    /** Reads the nodes of deployments for the drawing in the console. */
    @Bean
    DeploymentReader deploymentReader(NodeConnector connector) {
        return new DeploymentReader(connector);
    }

    /**
     * Raises settings of Redis servers for a while, so that the servers themselves remove more expired keys. The former
     * settings are stored in a ledger, which this bean does not have. A worker that assists adds the ledger of its
     * attempt at the sweep by {@link Assist#withLedger}. The connector is closed by its own bean.
     */
    @Bean(destroyMethod = "")
    Assist assist(NodeConnector connector) {
        return new Assist(connector, AssistLedger.unavailable("no attempt at a sweep was named"), Timing.system());
    }

    @Bean(destroyMethod = "close")
    BacklogEstimator backlogEstimator(EgressGate gate) {
        return LettuceEngine.estimator(gate);
    }

    /** Examines the servers of an instance for the console. The connector is closed by its own bean. */
    @Bean(destroyMethod = "")
    Doctor doctor(NodeConnector connector) {
        return new ServerDoctor(connector);
    }

    /**
     * Makes the JSON parser strict, so that a mistake of a client is refused and not guessed at. The parser refuses a
     * document with the error {@code DCS.4005} for each of these:
     *
     * <ul>
     *   <li>a value of another type, such as a text instead of a number, or a number instead of a text,
     *   <li>a number with decimals instead of a whole number,
     *   <li>a duplicate field,
     *   <li>text after the end of the document.
     * </ul>
     *
     * <p>{@link UnknownFields} decides about unknown fields.
     */
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return builder -> builder.addHandler(new UnknownFields())
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    /**
     * Switches off the metrics that Spring Security takes of each of its filters in each request, because nobody reads
     * them.
     */
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    /**
     * Makes every response JSON and ignores {@code Accept}, because the SDKs send various values or none. The console
     * and the metrics choose their types themselves.
     */
    @Override
    public void configureContentNegotiation(ContentNegotiationConfigurer configurer) {
        configurer.ignoreAcceptHeader(true).defaultContentType(MediaType.APPLICATION_JSON);
    }

    /** Makes the native API refuse query parameters that an operation does not know. */
    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new UnknownParameters()).addPathPatterns("/api/v1/**");
    }
}
