package io.keysweep.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.time.Instant;

@AnalyzeClasses(packages = "io.keysweep.engine", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule packages_haveNoCycles = slices().matching("io.keysweep.engine.(*)..")
            .should()
            .beFreeOfCycles()
            .because("each package is to be understood, tested and replaced without those above it");

    @ArchTest
    static final ArchRule clientLibrary_staysInOneRoom = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.engine.lettuce..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..")
            .because("the client library must be replaceable, and its errors are translated at its door");

    @ArchTest
    static final ArchRule engine_isPlainJava = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..",
                    "java.sql..",
                    "javax.sql..",
                    "com.fasterxml..",
                    "tools.jackson..",
                    "jakarta.servlet..",
                    "io.micrometer..")
            .because("server and command line both stand on it, and it emits events instead of metering or storing");

    @ArchTest
    static final ArchRule time_comesThroughTiming = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.engine.lettuce..")
            .and()
            .doNotHaveSimpleName("Timing")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Thread.class, "sleep", Duration.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .because("tests own the time of a sweep");
}
