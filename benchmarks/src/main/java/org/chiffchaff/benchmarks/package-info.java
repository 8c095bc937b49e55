/** Measurements of the whole house. Nothing depends on it. */
package org.chiffchaff.benchmarks;
