package io.keysweep.server.audit;

import io.keysweep.server.config.ServiceSettings;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Defines the parts of the audit log as beans of the service. The package {@code auditor} defines the others. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    @Bean(destroyMethod = "close")
    AuditForwarder auditForwarder(ServiceSettings settings) {
        return AuditForwarder.of(settings.audit());
    }

    @Bean
    AuditLog auditLog(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            AuditSigner signer,
            AuditForwarder forwarder,
            InstantSource clock) {
        return new AuditLog(jdbc, transaction, signer, forwarder, clock);
    }

    @Bean
    AuditReader auditReader(JdbcClient jdbc) {
        return new AuditReader(jdbc);
    }

    @Bean
    AuditVerifier auditVerifier(JdbcClient jdbc, AuditSigner signer, AuditLog log) {
        return new AuditVerifier(jdbc, signer, log);
    }

    @Bean
    AuditRetention auditRetention(
            JdbcClient jdbc,
            AuditLog log,
            AuditSigner signer,
            TransactionTemplate transaction,
            ServiceSettings settings,
            InstantSource clock) {
        return new AuditRetention(
                jdbc, log, signer, transaction, settings.audit().retention(), clock);
    }
}
