package io.keysweep.server.auditor;

import io.keysweep.server.audit.AuditCall;
import io.keysweep.server.audit.AuditIntents;
import io.keysweep.server.audit.AuditLog;
import io.keysweep.server.audit.AuditSigner;
import io.keysweep.server.audit.AuditTrail;
import io.keysweep.server.worker.WorkerCapacity;
import io.keysweep.server.worker.WorkerIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Connects the audit log with the requests of clients, by two filters and an interceptor.
 *
 * <p>{@link AuditFilter} runs before the limits of the service and begins the call. {@link AuditAnswerFilter} runs
 * after them and records the call. Between the two, after the caller is authenticated, the interceptor stores the
 * <em>intent</em>: a row which says that the call has begun.
 */
@Configuration(proxyBeanMethods = false)
class AuditorConfiguration {

    @Bean
    AuditIntents auditIntents(JdbcClient jdbc, WorkerIdentity worker, AuditSigner signer, InstantSource clock) {
        return new AuditIntents(jdbc, worker.id(), signer, clock);
    }

    @Bean
    AuditRecorder auditRecorder(AuditLog log, AuditIntents intents, InstantSource clock) {
        return new AuditRecorder(log, intents, clock);
    }

    @Bean
    AuditHousekeeping auditHousekeeping(
            AuditRecorder recorder, AuditLog log, AuditIntents intents, WorkerCapacity workers, InstantSource clock) {
        return new AuditHousekeeping(recorder, new AbandonedCalls(log, intents, workers, clock));
    }

    @Bean
    @ConditionalOnWebApplication
    FilterRegistrationBean<AuditFilter> auditFilter(AuditedOperations operations, AuditRecorder recorder) {
        // The filter runs before AdmissionFilter, which refuses requests of clients that send too many.
        return withOrder(new AuditFilter(operations, recorder), Ordered.HIGHEST_PRECEDENCE + 1);
    }

    @Bean
    @ConditionalOnWebApplication
    FilterRegistrationBean<AuditAnswerFilter> auditAnswerFilter(
            AuditRecorder recorder, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver errors) {
        // The filter runs after AdmissionFilter, which limits the time of the response.
        return withOrder(new AuditAnswerFilter(recorder, errors), Ordered.HIGHEST_PRECEDENCE + 3);
    }

    private static <F extends jakarta.servlet.Filter> FilterRegistrationBean<F> withOrder(F filter, int order) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        return registration;
    }

    @Bean
    @ConditionalOnWebApplication
    WebMvcConfigurer auditInterceptor(AuditRecorder recorder) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new IntentInterceptor(recorder));
            }
        };
    }

    /**
     * Stores the intent of a call after its caller is authenticated, and before the operation begins. If the intent
     * cannot be stored, the exception keeps the operation from beginning.
     */
    private static final class IntentInterceptor implements HandlerInterceptor {

        private final AuditRecorder recorder;

        IntentInterceptor(AuditRecorder recorder) {
            this.recorder = recorder;
        }

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            AuditCall call = AuditTrail.current();
            if (call != null) {
                recorder.begin(call);
            }
            return true;
        }
    }
}
