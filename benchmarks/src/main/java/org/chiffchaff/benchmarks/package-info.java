/**
 * Measurements of the whole house: how well it learns, by the command lines users type, and how fast it is, by JMH.
 * Nothing depends on it.
 */
package org.chiffchaff.benchmarks;
