package io.keysweep.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.time.Instant;

/** Checks which packages and classes of the engine may use which others. */
@AnalyzeClasses(packages = "io.keysweep.engine", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule packages_haveNoCycles = slices().matching("io.keysweep.engine.(*)..")
            .should()
            .beFreeOfCycles()
            .because("each package can be understood, tested and replaced without the packages that use it");

    @ArchTest
    static final ArchRule clientLibrary_isUsedByOnePackageOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.engine.lettuce..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.lettuce..", "io.netty..", "reactor..")
            .because("the client library must be replaceable, and only this package translates its errors");

    @ArchTest
    static final ArchRule statistics_areUsedByOnePackageOnly = noClasses()
            .that()
            .resideOutsideOfPackage("io.keysweep.engine.estimate..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.commons..")
            .because("only the intervals of estimates need a quantile; a sweep needs no library except the client"
                    + " library");

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
            .because("server and command line both use the engine, and it emits events instead of metering or storing");

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
            .because("tests control the time of a sweep");
}
